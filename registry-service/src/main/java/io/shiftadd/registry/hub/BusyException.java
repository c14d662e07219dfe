package io.shiftadd.registry.hub;

import java.io.IOException;
import java.time.Duration;

/** The server cannot answer just now. */
final class BusyException extends IOException {

    private static final long serialVersionUID = 1;

    private final Duration pause;

    /** @param pause that the server asks for; zero when it does not say */
    BusyException(String message, Duration pause) {
        super(message);
        this.pause = pause;
    }

    Duration pause() {
        return pause;
    }
}

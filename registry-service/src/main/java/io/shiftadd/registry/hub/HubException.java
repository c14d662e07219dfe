package io.shiftadd.registry.hub;

import java.io.IOException;

/** The server does not have, or does not give, what is needed: trying again would not help. */
final class HubException extends IOException {

    private static final long serialVersionUID = 1;

    HubException(String message) {
        super(message);
    }
}

package io.shiftadd.inference.generation;

import java.time.Duration;

/** A client has read nothing for so long that its choices were ended. */
public final class ReaderStalledException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReaderStalledException(Duration patience) {
        super("the stream was not read for " + patience.toMillis() / 1e3
                + " seconds, so its place was given up; read it as it comes, or ask without 'stream'"
                + " (setting shiftadd.inference.reader-timeout)");
    }
}

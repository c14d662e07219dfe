package io.shiftadd.cli.platform;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Ends an answer before its end: closing the connection is what tells the service to stop. Thread-safe. */
public final class Interruption {

    private final AtomicReference<@Nullable Closeable> running = new AtomicReference<>();
    private volatile boolean asked;

    /** May be called from the handler of a signal. */
    public void ask() {
        asked = true;
        Closeable stream = running.getAndSet(null);
        if (stream != null) {
            close(stream);
        }
    }

    public boolean isAsked() {
        return asked;
    }

    void of(Closeable stream) {
        running.set(stream);
        if (asked) {
            ask();
        }
    }

    private static void close(Closeable stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // what is to end has ended
        }
    }
}

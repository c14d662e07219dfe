package io.shiftadd.inference.generation;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way from the engine to one reader. The engine never waits for the reader: when more than the capacity
 * lies unread it pauses the choices of this stream, and only these, until the reader has caught up. Closing the stream
 * tells the engine to drop what is still running.
 */
public final class GenerationStream implements AutoCloseable {

    private final LinkedBlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
    private final int capacity;
    private final Runnable wakeEngine;
    private volatile boolean closed;
    private volatile long readNanos = System.nanoTime();

    GenerationStream(int capacity, Runnable wakeEngine) {
        this.capacity = capacity;
        this.wakeEngine = wakeEngine;
    }

    /**
     * The next event, or null when none came in time.
     *
     * @throws InterruptedException when the reader's thread is to end
     */
    public @Nullable GenerationEvent next(Duration timeout) throws InterruptedException {
        boolean wasFull = !writable();
        GenerationEvent event = events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        readNanos = System.nanoTime();
        if (wasFull && writable()) {
            wakeEngine.run();
        }
        return event;
    }

    /** Drops what is unread and what still runs. Has no effect after the last event. */
    @Override
    public void close() {
        closed = true;
        events.clear();
        wakeEngine.run();
    }

    boolean closed() {
        return closed;
    }

    boolean writable() {
        return events.size() < capacity;
    }

    /** Whether its reader is behind and has not asked for an event for so long. */
    boolean stalledFor(Duration patience) {
        return !writable() && System.nanoTime() - readNanos > patience.toNanos();
    }

    void publish(GenerationEvent event) {
        if (!closed) {
            events.add(event);
        }
    }
}

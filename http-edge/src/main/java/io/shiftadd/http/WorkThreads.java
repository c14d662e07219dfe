package io.shiftadd.http;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A few threads for work on the processor that requests need: tokenizing, hashing, reading models. Requests have
 * virtual threads, which run on as many threads as there are processors and give way only when they wait: so many of
 * them that compute would leave none for anybody else, not even for a question after the service's health.
 *
 * <p>Whoever asks waits, and looks after its client meanwhile. Work that is given up is interrupted.
 */
public final class WorkThreads implements AutoCloseable {

    /** Parsers, and regular expressions, nest as deep as what they read. */
    private static final long STACK_BYTES = 16L << 20;

    private static final long IDLE_SECONDS = 30;
    private static final Duration LOOK = Duration.ofMillis(200);

    private final String name;
    private final ThreadPoolExecutor threads;

    /**
     * @param threads that work at a time
     * @param waiting pieces of work that may wait for one
     */
    public WorkThreads(String name, int threads, int waiting) {
        this.name = name;
        this.threads = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), task -> {
                    Thread thread = new Thread(null, task, name, STACK_BYTES);
                    thread.setDaemon(true);
                    return thread;
                });
        this.threads.allowCoreThreadTimeOut(true);
    }

    /** Too much waits already. */
    public static final class FullException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private FullException(String name, int waiting, Throwable cause) {
            super("too much waits for the threads of '" + name + "' (" + waiting + "); send the request again", cause);
        }
    }

    /**
     * Has something computed, and waits for it.
     *
     * @param meanwhile is asked now and then while it is waited for; what it throws ends the work, which is interrupted
     * @throws FullException when too much waits
     * @throws RuntimeException what the work has thrown
     */
    public <T> T run(Supplier<T> work, Runnable meanwhile) {
        Future<T> result;
        try {
            result = threads.submit(work::get);
        } catch (RejectedExecutionException e) {
            throw new FullException(name, waiting(), e);
        }
        try {
            while (true) {
                try {
                    return result.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    meanwhile.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for the threads of '" + name + "'");
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            // Nobody waits for it any more; has no effect on what is done.
            result.cancel(true);
            threads.purge();
        }
    }

    /** Pieces of work that wait for a thread. */
    int waiting() {
        return threads.getQueue().size();
    }

    private static RuntimeException failure(Throwable cause) {
        return switch (cause) {
            case RuntimeException failure -> failure;
            case Error error -> throw error;
            default -> new IllegalStateException(cause);
        };
    }

    /** Interrupts what is being done; what waits is given up. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}

package io.shiftadd.kernel;

import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.species.KernelSpecies;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The threads and the scratch memory of one forward pass at a time; belongs to whoever runs the model.
 *
 * <p>{@link #parallelFor} gives every participant a contiguous part of the chunks, so that a thread meets the same
 * weights in every pass; who has finished its part takes chunks of the others. The calling thread takes part. Between
 * two regions the workers spin for some microseconds and then park: an idle context burns nothing, and a thread that
 * lost its core is waited for without spinning, so that the scheduler can give it the waiter's core.
 *
 * <p>Not for use by two callers at once, nor from inside a chunk: both are detected and refused.
 *
 * <p>Long work is ended from outside through {@link #interruptBy}: whatever is computed in chunks hears of it within
 * one.
 */
public final class KernelContext implements AutoCloseable {

    /** A part of a region; may run on any thread of the context. */
    @FunctionalInterface
    public interface ChunkTask {
        /**
         * @param chunk from 0 to chunks − 1, each exactly once
         * @param worker from 0 to threads − 1, of the thread that runs it: selects scratch memory
         */
        void run(int chunk, int worker);

        /** Runs neighbouring chunks, where more than one may be taken at a time. */
        default void run(int first, int end, int worker) {
            for (int chunk = first; chunk < end; chunk++) {
                run(chunk, worker);
            }
        }
    }

    /**
     * Twice what one thread does alone between two regions, in the mean. Longer, and threads that share a core with
     * another process keep one another from running.
     */
    private static final long SPIN_NANOS = 8_000;

    private static final int SPINS_PER_CLOCK_READ = 32;

    private final Kernel kernel;
    private final PackedForward packedForward;
    private final Thread[] workers;
    private final AtomicBoolean[] parked;
    private final Scratch[] scratch;
    private final Scratch shared = new Scratch();
    private final Map<Class<?>, Object> kept = new HashMap<>();
    private final long spinNanos;

    private final RegionParts parts;
    private final AtomicInteger region = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile @Nullable Thread waiter;
    private volatile boolean closed;
    private @Nullable ChunkTask task;
    private int chunks;
    private @Nullable Runnable interruption;

    private KernelContext(int threads, Kernel kernel) {
        this.kernel = kernel;
        if (threads < 1) {
            throw new IllegalArgumentException("a kernel context has at least one thread, not " + threads);
        }
        parts = new RegionParts(threads);
        scratch = new Scratch[threads];
        Arrays.setAll(scratch, _ -> new Scratch());
        // With fewer cores than threads, spinning would only keep the thread that is waited for from running.
        spinNanos = threads <= Runtime.getRuntime().availableProcessors() ? SPIN_NANOS : 0;
        parked = new AtomicBoolean[threads];
        Arrays.setAll(parked, _ -> new AtomicBoolean());
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            int participant = i + 1;
            workers[i] = Thread.ofPlatform()
                    .daemon()
                    .name("shiftadd-kernel-" + participant)
                    .unstarted(() -> work(participant));
        }
        packedForward = new PackedForward(this);
        for (Thread worker : workers) {
            worker.start();
        }
    }

    /** A context of {@code threads} threads, the caller's included. */
    public static KernelContext create(int threads) {
        return new KernelContext(threads, Kernel.active());
    }

    /** A context of as many threads as the process may use processors; respects a container's limits. */
    public static KernelContext create() {
        return create(Runtime.getRuntime().availableProcessors());
    }

    static KernelContext create(int threads, KernelSpecies species) {
        return new KernelContext(threads, Kernel.of(species));
    }

    /**
     * Has every chunk, or those that a thread takes together, begin with a question whether the work is to go on; to be
     * set between two regions.
     *
     * @param question thread-safe and cheap; ends the region by throwing what {@link #parallelFor} then throws
     */
    public void interruptBy(Runnable question) {
        interruption = question;
    }

    /**
     * Asks the same from inside a chunk that takes long.
     *
     * @throws RuntimeException if the work is to end
     */
    public void check() {
        Runnable question = interruption;
        if (question != null) {
            question.run();
        }
    }

    /**
     * What a kind of layer keeps from call to call, such as memory: made at its first use, and gone with the context.
     * Asked for between regions, by the thread that runs the model.
     */
    public <T> T kept(Class<T> kind, Function<KernelContext, T> first) {
        Object found = kept.get(kind);
        if (found == null) {
            found = first.apply(this);
            kept.put(kind, found);
        }
        return kind.cast(found);
    }

    /** Threads that take part in a region, the caller's included. */
    public int threads() {
        return workers.length + 1;
    }

    /**
     * Runs {@code task} for every chunk and returns when all are done; everything they wrote is visible then.
     *
     * @throws IllegalStateException if the context is closed, in use, or this is called from inside a chunk
     * @throws RuntimeException what a chunk threw first; the other chunks still run
     */
    public void parallelFor(int chunks, ChunkTask task) {
        parallelFor(chunks, 1, task);
    }

    /**
     * The same where a thread takes neighbouring chunks together, fewer of them when few are left, so that all threads
     * end at about the same time.
     *
     * @param together chunks that are taken at a time, at most
     * @throws RuntimeException what a chunk threw first; those taken together with it do not run, others do
     */
    void parallelFor(int chunks, int together, ChunkTask task) {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "the kernel context is in use; give each forward pass its own, and do not nest regions");
        }
        try {
            if (closed) {
                throw new IllegalStateException("the kernel context is closed");
            }
            if (workers.length == 0 || chunks < 2) {
                for (int chunk = 0; chunk < chunks; chunk += together) {
                    check();
                    task.run(chunk, Math.min(chunk + together, chunks), 0);
                }
            } else {
                runRegion(chunks, together, task);
            }
        } finally {
            busy.set(false);
        }
    }

    /** Ends the threads; a region in progress is finished first by its caller. */
    @Override
    public void close() {
        closed = true;
        region.incrementAndGet();
        boolean interrupted = false;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    Kernel kernel() {
        return kernel;
    }

    /** Runs packed layers; one for each context, so that a call allocates nothing. */
    PackedForward packedForward() {
        return packedForward;
    }

    /** Memory of one participant, kept between calls. */
    Scratch scratch(int worker) {
        return scratch[worker];
    }

    /** Memory that all participants share, kept between calls. */
    Scratch sharedScratch() {
        return shared;
    }

    private void runRegion(int count, int most, ChunkTask chunkTask) {
        int number = region.get() + 1;
        int participants = threads();
        task = chunkTask;
        chunks = count;
        completed.set(0);
        parts.divide(number, count, most);
        region.set(number);
        for (int p = 1; p < participants; p++) {
            if (parked[p].get() && parked[p].compareAndSet(true, false)) {
                LockSupport.unpark(workers[p - 1]);
            }
        }
        takePart(0, number);
        await(count);
        task = null;
        Throwable thrown = failure.getAndSet(null);
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void work(int participant) {
        int seen = 0;
        while (!closed) {
            int number;
            try {
                number = awaitRegion(participant, seen);
            } catch (InternalError e) {
                // The JVM reports a fault in mapped memory a little after it was read: what was read may be wrong.
                failure.compareAndSet(null, e);
                continue;
            }
            if (number != seen) {
                seen = number;
                takePart(participant, number);
            }
        }
    }

    private int awaitRegion(int participant, int seen) {
        long deadline = System.nanoTime() + spinNanos;
        do {
            for (int i = 0; i < SPINS_PER_CLOCK_READ; i++) {
                int number = region.get();
                if (number != seen) {
                    return number;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() < deadline);
        // Said again before every park: a caller that was held up may wake a thread that has done its part already.
        parked[participant].set(true);
        while (region.get() == seen && !closed) {
            LockSupport.park(this);
            // Nobody interrupts these threads on purpose; a stray interrupt must not turn park into a busy loop.
            Thread.interrupted();
            parked[participant].set(true);
        }
        parked[participant].set(false);
        return region.get();
    }

    private void takePart(int participant, int number) {
        int done = 0;
        int participants = threads();
        for (int i = 0; i < participants; i++) {
            int owner = participant + i < participants ? participant + i : participant + i - participants;
            int left;
            while ((left = parts.claim(owner, number)) > 0) {
                int count = parts.share(left);
                int first = parts.first(owner, left);
                run(first, first + count, participant);
                done += count;
            }
        }
        if (done > 0 && completed.addAndGet(done) == chunks) {
            Thread parkedCaller = waiter;
            if (parkedCaller != null) {
                LockSupport.unpark(parkedCaller);
            }
        }
    }

    private void run(int first, int end, int participant) {
        ChunkTask current = task;
        try {
            if (current != null) {
                check();
                current.run(first, end, participant);
            }
        } catch (RuntimeException | Error e) {
            // Kept for the caller, which rethrows it; a worker that died would leave the region waiting for ever.
            failure.compareAndSet(null, e);
        }
    }

    /** Whether all chunks were completed while it was worth to spin. */
    private boolean spin(int count) {
        if (completed.get() == count) {
            return true;
        }
        long deadline = System.nanoTime() + spinNanos;
        do {
            for (int i = 0; i < SPINS_PER_CLOCK_READ; i++) {
                if (completed.get() == count) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() < deadline);
        return false;
    }

    private void await(int count) {
        try {
            if (spin(count)) {
                return;
            }
        } catch (InternalError e) {
            failure.compareAndSet(null, e);
        }
        boolean interrupted = false;
        waiter = Thread.currentThread();
        while (completed.get() != count) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        waiter = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.shiftadd.motion.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads that do numbered jobs together with the one that calls: which thread does which is left to chance. Threads
 * wait for work without a lock's queue being built or anything else allocated.
 */
final class Crew implements AutoCloseable {

    /** What is done: by which thread, which number. */
    interface Job {
        void run(int thread, int number);
    }

    private final Job job;
    private final List<Thread> threads = new ArrayList<>();
    private final Object lock = new Object();

    /** Counts down: what a late thread of an earlier round draws is below 1, and no job. */
    private final AtomicInteger left = new AtomicInteger();

    private final AtomicInteger unfinished = new AtomicInteger();
    private long round;
    private boolean closed;
    private @Nullable RuntimeException failure;

    /** @param count of threads, the calling one among them */
    Crew(int count, String name, Job job) {
        this.job = job;
        for (int i = 1; i < count; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().daemon().name(name + "-" + i).start(() -> loop(number)));
        }
    }

    /** Does jobs 0 to count − 1 and returns when all are done. */
    void run(int count) {
        synchronized (lock) {
            unfinished.set(count);
            left.set(count);
            round++;
            lock.notifyAll();
        }
        work(0);
        boolean interrupted = false;
        synchronized (lock) {
            while (unfinished.get() > 0) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failure != null) {
                RuntimeException thrown = failure;
                failure = null;
                throw thrown;
            }
        }
    }

    private void loop(int thread) {
        long seen = 0;
        while (true) {
            synchronized (lock) {
                while (round == seen && !closed) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                if (closed) {
                    return;
                }
                seen = round;
            }
            work(thread);
        }
    }

    private void work(int thread) {
        for (int number = left.getAndDecrement(); number > 0; number = left.getAndDecrement()) {
            try {
                job.run(thread, number - 1);
            } catch (RuntimeException e) {
                synchronized (lock) {
                    failure = e;
                }
            }
            if (unfinished.decrementAndGet() == 0) {
                synchronized (lock) {
                    lock.notifyAll();
                }
            }
        }
    }

    /** Waits for the threads to end, so that what they use may be freed. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

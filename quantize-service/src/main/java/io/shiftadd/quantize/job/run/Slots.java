package io.shiftadd.quantize.job.run;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many pieces of work this process does at a time: jobs that it holds, and partitions of anybody's. Who only waits
 * for partitions gives his slot back meanwhile.
 */
public final class Slots {

    private final Semaphore free;

    public Slots(int slots) {
        free = new Semaphore(slots, true);
    }

    public boolean acquire(Duration limit) throws InterruptedException {
        return free.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void acquire() {
        free.acquireUninterruptibly();
    }

    public void release() {
        free.release();
    }
}

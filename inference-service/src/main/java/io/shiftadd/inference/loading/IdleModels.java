package io.shiftadd.inference.loading;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Unloads models that nobody has used for a time, looking now and then. */
final class IdleModels implements AutoCloseable {

    /** How often it looks within that time. */
    private static final int LOOKS = 4;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("idle-models").factory());

    /** @param idle zero = never */
    IdleModels(ServedModels models, Duration idle) {
        if (idle.isPositive()) {
            long period = Math.max(1, idle.toMillis() / LOOKS);
            timer.scheduleWithFixedDelay(() -> models.unloadIdle(idle), period, period, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}

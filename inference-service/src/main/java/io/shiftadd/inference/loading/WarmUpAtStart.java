package io.shiftadd.inference.loading;

import io.shiftadd.inference.generation.ComputeTurns;
import io.shiftadd.inference.generation.KernelWarmUp;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/** Warms the kernels up in the background once the service is up, whichever models will be asked for. */
final class WarmUpAtStart implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUpAtStart.class);

    private final ComputeTurns turns;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    WarmUpAtStart(ComputeTurns turns) {
        this.turns = turns;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        thread = Thread.ofPlatform().name("kernel-warm-up").daemon().start(() -> {
            Duration taken = KernelWarmUp.run(turns, () -> closed);
            LOG.info("Warmed the kernels up in {} ms", taken.toMillis());
        });
    }

    /** The turns must outlive what takes them. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.join();
        }
    }
}

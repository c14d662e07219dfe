package io.shiftadd.inference.loading;

import io.shiftadd.inference.generation.ComputeTurns;
import io.shiftadd.inference.generation.warmup.KernelWarmUp;
import io.shiftadd.model.cache.KvCache;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Warms the kernels up in the background soon after the service is up, whichever models will be asked for. Not at once:
 * it takes all processors, which the platform's other services are still starting on. Not any more once a model is
 * asked for.
 */
final class WarmUpAtStart implements SmartInitializingSingleton, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUpAtStart.class);

    private static final Duration DELAY = Duration.ofSeconds(8);

    private final ComputeTurns turns;
    private final KvCache.Precision precision;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Thread thread;

    WarmUpAtStart(ComputeTurns turns, KvCache.Precision precision) {
        this.turns = turns;
        this.precision = precision;
    }

    /**
     * A run that ends with the context's refresh is recorded for the next starts: what the kernels do belongs into that
     * record, whose profiles the compiler then begins with.
     */
    @Override
    public void afterSingletonsInstantiated() {
        if ("onRefresh".equals(System.getProperty("spring.context.exit"))) {
            KernelWarmUp.run(turns, precision, () -> false);
        }
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        thread = Thread.ofPlatform().name("kernel-warm-up").daemon().start(this::warmUp);
    }

    private void warmUp() {
        try {
            if (over.await(DELAY.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        Duration taken = KernelWarmUp.run(turns, precision, () -> over.getCount() == 0);
        LOG.info("Warmed the kernels up in {} ms", taken.toMillis());
    }

    /** A model that is loaded warms up what it needs itself, and should not have to take turns with this. */
    void giveWay() {
        over.countDown();
    }

    /** The turns must outlive what takes them. */
    @Override
    public void close() throws InterruptedException {
        over.countDown();
        Thread running = thread;
        if (running != null) {
            running.join();
        }
    }
}

package io.shiftadd.inference.loading;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the models in memory: ends those whose files were written to, and loads again those that have ended, as
 * soon as that is possible.
 */
final class ModelWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ServedModels models;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("model-watch").factory());

    ModelWatch(ServedModels models) {
        this.models = models;
    }

    ModelWatch start() {
        thread.scheduleWithFixedDelay(this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    private void look() {
        try {
            models.look();
            models.broken().all().forEach(this::restore);
        } catch (RuntimeException | OutOfMemoryError e) {
            // The next look may succeed; without this catch there would be none.
            LOG.error("Cannot look after the models", e);
        }
    }

    private void restore(BrokenModels.Broken broken) {
        try (ServedModels.Lease lease = models.acquire(broken.model().id())) {
            LOG.info("Model {} is served again", lease.name());
            models.broken().remove(broken.model());
        } catch (UnknownModelException e) {
            models.broken().remove(broken.model());
        } catch (ModelLoadException | RegistryUnavailableException e) {
            LOG.debug("Model {} is not loaded again yet", broken.model().name(), e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

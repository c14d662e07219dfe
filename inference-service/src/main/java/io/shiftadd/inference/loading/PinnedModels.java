package io.shiftadd.inference.loading;

import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/**
 * Loads the pinned models once the service is up, and tries again while the registry is away or has not got them yet.
 */
final class PinnedModels {

    private static final Logger LOG = LoggerFactory.getLogger(PinnedModels.class);
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final ServedModels models;
    private final Set<String> names;

    PinnedModels(ServedModels models, Set<String> names) {
        this.models = models;
        this.names = Set.copyOf(names);
    }

    @EventListener(ApplicationReadyEvent.class)
    void preload() {
        for (String name : names) {
            Thread.ofVirtual().name("preload-" + name).start(() -> keepTrying(name));
        }
    }

    private void keepTrying(String name) {
        while (true) {
            try (ServedModels.Lease lease = models.acquire(name)) {
                LOG.info("Pinned model {} is loaded", lease.name());
                return;
            } catch (UnknownModelException | RegistryUnavailableException | ModelLoadException e) {
                LOG.warn("Pinned model {} is not loaded yet: {}", name, e.getMessage());
            }
            try {
                Thread.sleep(RETRY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}

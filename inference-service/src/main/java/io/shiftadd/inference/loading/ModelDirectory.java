package io.shiftadd.inference.loading;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What models there are: asks the registry, remembers the answers for a moment, and answers from memory while the
 * registry is away. Thread-safe.
 */
public final class ModelDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(ModelDirectory.class);

    /** A model that was deleted or replaced is noticed after this. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** How long the registry is left alone after it did not answer. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** What the registry lets a name or an id be; anything else cannot be there and is not asked for. */
    private static final Pattern POSSIBLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final RegistryClient registry;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private volatile long pausedUntil = System.nanoTime();

    private static final class Known {
        private final RegisteredModel model;
        private final long since = System.nanoTime();
        private final AtomicBoolean refreshing = new AtomicBoolean();

        private Known(RegisteredModel model) {
            this.model = model;
        }

        private boolean isFresh() {
            return System.nanoTime() - since < FRESH.toNanos();
        }
    }

    ModelDirectory(RegistryClient registry) {
        this.registry = registry;
    }

    /**
     * The model of that id or name.
     *
     * @throws UnknownModelException when the registry does not have it
     * @throws RegistryUnavailableException when the registry is away and the model was never seen
     */
    public RegisteredModel get(String idOrName) {
        if (!POSSIBLE.matcher(idOrName).matches()) {
            throw new UnknownModelException(idOrName);
        }
        Known before = known.get(idOrName);
        if (before == null) {
            return refresh(idOrName);
        }
        // One caller asks again, the others go on with what is known.
        if (before.isFresh() || isPaused() || !before.refreshing.compareAndSet(false, true)) {
            return before.model;
        }
        try {
            return refresh(idOrName);
        } catch (RegistryUnavailableException e) {
            return before.model;
        } finally {
            before.refreshing.set(false);
        }
    }

    private RegisteredModel refresh(String idOrName) {
        Optional<RegisteredModel> found;
        try {
            found = registry.model(idOrName);
        } catch (RegistryUnavailableException e) {
            pause(e);
            throw e;
        }
        if (found.isEmpty()) {
            known.remove(idOrName);
            throw new UnknownModelException(idOrName);
        }
        known.put(idOrName, new Known(found.get()));
        return found.get();
    }

    /**
     * All models by name; while the registry is away those seen before.
     *
     * @throws RegistryUnavailableException when the registry is away and none was ever seen
     */
    public List<RegisteredModel> all() {
        try {
            List<RegisteredModel> models = registry.models();
            models.forEach(model -> known.put(model.name(), new Known(model)));
            return models;
        } catch (RegistryUnavailableException e) {
            pause(e);
            if (known.isEmpty()) {
                throw e;
            }
            return known.values().stream()
                    .map(entry -> entry.model)
                    .distinct()
                    .sorted(Comparator.comparing(RegisteredModel::name))
                    .toList();
        }
    }

    /** The files of a model as registered; empty while the registry is away. */
    List<RegistryClient.ModelFile> files(RegisteredModel model) {
        try {
            return registry.files(model);
        } catch (RegistryUnavailableException e) {
            pause(e);
            return List.of();
        }
    }

    private boolean isPaused() {
        return System.nanoTime() - pausedUntil < 0;
    }

    private void pause(RegistryUnavailableException cause) {
        LOG.warn("Going on with what is known: {}", cause.getMessage());
        pausedUntil = System.nanoTime() + PAUSE.toNanos();
    }
}

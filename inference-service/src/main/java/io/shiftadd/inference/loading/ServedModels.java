package io.shiftadd.inference.loading;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models in memory. A model is loaded by the first request that names it, once, however many ask at the same time;
 * others are unloaded for it, the least recently used first, never one that is in use or pinned. Thread-safe.
 */
public final class ServedModels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServedModels.class);

    /** A load that failed is not tried again for this long, so that a broken model costs little. */
    private static final long RETRY_NANOS = 5_000_000_000L;

    private final ModelDirectory directory;
    private final ModelLoader loader;
    private final long memoryBytes;
    private final Set<String> pinned;
    private final Map<String, Slot> slots = new HashMap<>();

    /** A model that is loaded or loading; fields are guarded by the map's owner. */
    private static final class Slot {
        private final RegisteredModel model;
        private final CompletableFuture<LoadedModel> loaded = new CompletableFuture<>();
        private int uses;
        private long lastUse;
        private long failedAt;

        private Slot(RegisteredModel model) {
            this.model = model;
        }

        private boolean isIdle() {
            return uses == 0 && loaded.isDone();
        }
    }

    /**
     * @param memoryBytes that the files of all loaded models may have together
     * @param pinned names of models that are never unloaded
     */
    ServedModels(ModelDirectory directory, ModelLoader loader, long memoryBytes, Set<String> pinned) {
        this.directory = directory;
        this.loader = loader;
        this.memoryBytes = memoryBytes;
        this.pinned = Set.copyOf(pinned);
    }

    /** A model that stays loaded until this is closed. */
    public final class Lease implements AutoCloseable {
        private final Slot slot;
        private final LoadedModel model;
        private final String name;
        private boolean closed;

        private Lease(Slot slot, LoadedModel model, String name) {
            this.slot = slot;
            this.model = model;
            this.name = name;
        }

        public LoadedModel model() {
            return model;
        }

        /** What the registry calls it; equal models under different names are in memory once. */
        public String name() {
            return name;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                release(slot);
            }
        }
    }

    /**
     * The model of that id or name, loading it when it is not in memory.
     *
     * @throws UnknownModelException when there is none
     * @throws RegistryUnavailableException when the registry is away and the model was never seen
     * @throws ModelLoadException when it cannot be loaded, or memory is taken by models in use
     */
    public Lease acquire(String idOrName) {
        RegisteredModel model = directory.get(idOrName);
        Slot slot;
        boolean first;
        synchronized (slots) {
            slot = slots.get(model.digest());
            if (slot != null && slot.failedAt != 0 && System.nanoTime() - slot.failedAt > RETRY_NANOS) {
                slots.remove(model.digest());
                slot = null;
            }
            first = slot == null;
            if (slot == null) {
                makeRoom(model);
                slot = new Slot(model);
                slots.put(model.digest(), slot);
            }
            slot.uses++;
            slot.lastUse = System.nanoTime();
        }
        if (first) {
            load(slot);
        }
        return await(slot, model.name());
    }

    private void load(Slot slot) {
        try {
            slot.loaded.complete(loader.load(slot.model));
        } catch (RuntimeException e) {
            LOG.warn("Loading model {} failed: {}", slot.model.name(), e.getMessage());
            synchronized (slots) {
                slot.failedAt = System.nanoTime();
            }
            slot.loaded.completeExceptionally(e);
        } finally {
            // An error that is not ours to catch must not leave others waiting for ever.
            if (!slot.loaded.isDone()) {
                synchronized (slots) {
                    slots.remove(slot.model.digest(), slot);
                }
                slot.loaded.completeExceptionally(
                        new ModelLoadException(slot.model.name(), "loading ended with an error; see the log"));
            }
        }
    }

    private Lease await(Slot slot, String name) {
        try {
            return new Lease(slot, slot.loaded.join(), name);
        } catch (CompletionException e) {
            release(slot);
            if (e.getCause() instanceof ModelLoadException cause) {
                throw new ModelLoadException(cause);
            }
            throw new ModelLoadException(slot.model.name(), e.getCause() == null ? e : e.getCause());
        }
    }

    private void release(Slot slot) {
        synchronized (slots) {
            slot.uses--;
            slot.lastUse = System.nanoTime();
        }
    }

    /** Called with the lock held: unloading takes no longer than the pass that an idle engine does not make. */
    private void makeRoom(RegisteredModel model) {
        if (model.sizeBytes() > memoryBytes) {
            throw new ModelLoadException(
                    model.name(),
                    "it has " + model.sizeBytes() + " bytes, models may have " + memoryBytes
                            + " together. Raise shiftadd.inference.memory-bytes");
        }
        while (loadedBytes() + model.sizeBytes() > memoryBytes) {
            Optional<Slot> idle = slots.values().stream()
                    .filter(slot -> slot.isIdle() && !isPinned(slot.model))
                    .min(Comparator.comparingLong(slot -> slot.lastUse));
            if (idle.isEmpty()) {
                throw new ModelLoadException(
                        model.name(),
                        "its " + model.sizeBytes() + " bytes do not fit beside models"
                                + " that are in use or pinned (" + loadedBytes() + " of " + memoryBytes
                                + " bytes). Try again later, or raise shiftadd.inference.memory-bytes");
            }
            unload(idle.get());
        }
    }

    private boolean isPinned(RegisteredModel model) {
        return pinned.contains(model.name()) || pinned.contains(model.id());
    }

    private void unload(Slot slot) {
        slots.remove(slot.model.digest());
        if (!slot.loaded.isCompletedExceptionally()) {
            slot.loaded.join().close();
            LOG.info("Unloaded model {}", slot.model.name());
        }
    }

    private long loadedBytes() {
        return slots.values().stream()
                .filter(slot -> !slot.loaded.isCompletedExceptionally())
                .mapToLong(slot -> slot.model.sizeBytes())
                .sum();
    }

    /** The models in memory. */
    public List<RegisteredModel> loaded() {
        synchronized (slots) {
            return slots.values().stream()
                    .filter(slot -> slot.loaded.isDone() && !slot.loaded.isCompletedExceptionally())
                    .map(slot -> slot.model)
                    .toList();
        }
    }

    @Override
    public void close() {
        synchronized (slots) {
            for (Slot slot : List.copyOf(slots.values())) {
                if (slot.loaded.isDone()) {
                    unload(slot);
                }
            }
        }
    }
}

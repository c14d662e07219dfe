package io.shiftadd.inference.loading;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models in memory. A model is loaded by the first request that names it, once, however many ask at the same time;
 * others are unloaded for it, the least recently used first, never one that is in use or pinned. Thread-safe.
 */
public final class ServedModels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServedModels.class);

    /** An answer lets go of its model a moment after its client has read the end; unloading waits so long for that. */
    private static final long LETTING_GO_NANOS = 500_000_000L;

    private final ModelDirectory directory;
    private final ModelLoader loader;
    private final long memoryBytes;
    private final Set<String> pinned;
    private final Map<String, ModelSlot> slots = new HashMap<>();

    /** Models whose files have changed, as long as somebody still uses what was loaded before. */
    private final Set<ModelSlot> outdated = new HashSet<>();

    private final BrokenModels broken = new BrokenModels();

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
        private final ModelSlot slot;
        private final ServedModel model;
        private final String name;
        private boolean closed;

        private Lease(ModelSlot slot, ServedModel model, String name) {
            this.slot = slot;
            this.model = model;
            this.name = name;
        }

        /** @throws OtherModalityException if it is a model of images */
        public LoadedModel model() {
            return switch (model) {
                case LoadedModel language -> language;
                case LoadedImageModel _ -> throw OtherModalityException.ofImages(name);
            };
        }

        /** @throws OtherModalityException if it is a language model */
        public LoadedImageModel imageModel() {
            return switch (model) {
                case LoadedImageModel images -> images;
                case LoadedModel _ -> throw OtherModalityException.ofText(name);
            };
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
        ModelSlot slot;
        boolean first;
        synchronized (slots) {
            slot = current(model);
            first = slot == null;
            if (slot == null) {
                makeRoom(model);
                slot = new ModelSlot(model);
                slots.put(model.digest(), slot);
            }
            slot.pinned |= pinned.contains(model.name()) || pinned.contains(model.id());
            slot.uses++;
            slot.lastUse = System.nanoTime();
        }
        if (first) {
            load(slot);
        }
        return await(slot, model.name());
    }

    /** The slot that serves the model as it lies on disk now, or null; called with the lock held. */
    private @Nullable ModelSlot current(RegisteredModel model) {
        ModelSlot slot = slots.get(model.digest());
        long now = System.nanoTime();
        if (slot == null || slot.hasFailedFor(model, now)) {
            slots.remove(model.digest());
            return null;
        }
        if (slot.isOutdated(now)) {
            retire(slot);
            return null;
        }
        return slot;
    }

    /** Called with the lock held. What still runs goes on if it can. */
    private void retire(ModelSlot slot) {
        String fault = slot.loaded.join().fault();
        if (fault == null) {
            LOG.warn("The files of model {} have changed while it was loaded; it is loaded anew", slot.model.name());
        } else {
            LOG.error("Model {} cannot be served until it is loaded anew: {}", slot.model.name(), fault);
            broken.add(slot.model, fault);
            slot.loaded.join().stop(fault);
        }
        slots.remove(slot.model.digest());
        outdated.add(slot);
        closeOutdated(slot);
    }

    /** Ends models whose files were written to, and lets go of those that have ended or been replaced. */
    void look() {
        synchronized (slots) {
            for (ModelSlot slot : List.copyOf(slots.values())) {
                if (slot.isOutdated(System.nanoTime())) {
                    retire(slot);
                }
            }
        }
    }

    /** What was served and cannot be now. */
    public BrokenModels broken() {
        return broken;
    }

    private void closeOutdated(ModelSlot slot) {
        if (slot.uses == 0 && outdated.remove(slot)) {
            slot.loaded.join().close();
        }
    }

    private void load(ModelSlot slot) {
        try {
            ServedModel loaded = loader.load(slot.model);
            // Before anybody can see it, and find it broken anew.
            broken.remove(slot.model);
            slot.loaded.complete(loaded);
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

    private Lease await(ModelSlot slot, String name) {
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

    private void release(ModelSlot slot) {
        synchronized (slots) {
            slot.uses--;
            slot.lastUse = System.nanoTime();
            closeOutdated(slot);
            slots.notifyAll();
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
            Optional<ModelSlot> idle = slots.values().stream()
                    .filter(slot -> slot.isIdle() && !slot.pinned)
                    .min(Comparator.comparingLong(slot -> slot.lastUse));
            if (idle.isEmpty()) {
                throw ModelLoadException.passing(
                        model.name(),
                        "its " + model.sizeBytes() + " bytes do not fit beside models"
                                + " that are in use or pinned (" + loadedBytes() + " of " + memoryBytes
                                + " bytes). Try again later, or raise shiftadd.inference.memory-bytes");
            }
            unload(idle.get());
        }
    }

    private void unload(ModelSlot slot) {
        slots.remove(slot.model.digest());
        if (!slot.loaded.isCompletedExceptionally()) {
            slot.loaded.join().close();
            LOG.info("Unloaded model {}", slot.model.name());
        }
    }

    private long loadedBytes() {
        return Stream.concat(slots.values().stream(), outdated.stream())
                .filter(slot -> !slot.loaded.isCompletedExceptionally())
                .mapToLong(slot -> slot.model.sizeBytes())
                .sum();
    }

    /** Whether a model is in memory. */
    public enum State {
        UNLOADED,
        LOADING,
        LOADED
    }

    /** Whether a model is in memory; one whose loading failed is not. */
    public State state(RegisteredModel model) {
        synchronized (slots) {
            ModelSlot slot = slots.get(model.digest());
            if (slot == null || slot.loaded.isCompletedExceptionally()) {
                return State.UNLOADED;
            }
            return slot.isLoaded() ? State.LOADED : State.LOADING;
        }
    }

    /** A language model as it is in memory, to describe it only: nothing keeps it there. Empty when it is not. */
    public Optional<LoadedModel> inMemory(RegisteredModel registered) {
        synchronized (slots) {
            return Optional.ofNullable(slots.get(registered.digest()))
                    .filter(ModelSlot::isLoaded)
                    .map(slot -> slot.loaded.join())
                    .filter(LoadedModel.class::isInstance)
                    .map(LoadedModel.class::cast);
        }
    }

    /**
     * Gives back the memory of a model.
     *
     * @return false when it is in use, loading or pinned
     */
    public boolean unload(RegisteredModel model) {
        synchronized (slots) {
            ModelSlot slot = slots.get(model.digest());
            if (slot != null) {
                slot.awaitUnused(slots, LETTING_GO_NANOS);
                slot = slots.get(model.digest());
            }
            if (slot == null) {
                return true;
            }
            if (!slot.isIdle() || slot.pinned) {
                return false;
            }
            unload(slot);
            return true;
        }
    }

    /** Unloads what nobody has used for so long. */
    void unloadIdle(Duration idle) {
        synchronized (slots) {
            long now = System.nanoTime();
            slots.values().stream()
                    .filter(slot -> slot.isIdle() && !slot.pinned && now - slot.lastUse > idle.toNanos())
                    .toList()
                    .forEach(this::unload);
        }
    }

    /** The models in memory. */
    public List<RegisteredModel> loaded() {
        synchronized (slots) {
            return slots.values().stream()
                    .filter(ModelSlot::isLoaded)
                    .map(slot -> slot.model)
                    .toList();
        }
    }

    @Override
    public void close() {
        synchronized (slots) {
            for (ModelSlot slot : List.copyOf(slots.values())) {
                if (slot.loaded.isDone()) {
                    unload(slot);
                }
            }
            outdated.forEach(slot -> slot.loaded.join().close());
            outdated.clear();
        }
    }
}

package io.shiftadd.inference.generation;

import io.shiftadd.inference.prefix.Restoration;
import io.shiftadd.model.cache.KvCache;
import java.util.List;

/**
 * What prompts' beginnings an engine takes from disk, and which it puts there: those that several prompts had in common
 * while it runs, and those it still has when its model is unloaded. Belongs to the engine's thread, which never waits
 * for the disk.
 */
final class DiskPrefixes {

    private final EngineModel model;
    private final PrefixCache memory;
    private final EngineObserver observer;
    private final Runnable wake;

    /** @param wake has the engine look again */
    DiskPrefixes(EngineModel model, PrefixCache memory, EngineObserver observer, Runnable wake) {
        this.model = model;
        this.memory = memory;
        this.observer = observer;
        this.wake = wake;
    }

    /**
     * Whether a prompt's beginning is being read, which is begun the first time. What was read is in memory then.
     *
     * @param known tokens of it that are in memory
     */
    boolean isReading(Work work, int known) {
        Restoration restoration = work.restoration;
        if (restoration == null) {
            restoration = model.prefixes().restore(work.task.prompt(), known, model::newCache, wake);
            work.restoration = restoration;
        }
        if (!restoration.isDone()) {
            return true;
        }
        restoration.take().ifPresent(restored -> {
            memory.keep(restored.tokens(), restored.cache());
            observer.restored(restored.tokens().length);
        });
        return false;
    }

    /**
     * A prompt begins like another.
     *
     * @param cache of the other
     * @param common tokens
     */
    void shared(int[] prompt, KvCache cache, int common) {
        int whole = common - common % KvCache.PAGE;
        if (whole > 0 && model.prefixes().lacks(prompt, whole)) {
            model.prefixes().keep(prompt, cache.fork(whole, whole));
        }
    }

    /** The model is unloaded: what is in memory goes to disk, what was used last first. */
    void putAside() {
        for (PrefixCache.Entry entry : List.copyOf(memory.entries()).reversed()) {
            if (model.prefixes().lacks(entry.tokens(), entry.tokens().length)) {
                model.prefixes().keep(entry.tokens(), entry.cache());
            }
        }
    }
}

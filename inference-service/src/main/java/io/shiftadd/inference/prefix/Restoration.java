package io.shiftadd.inference.prefix;

import io.shiftadd.model.cache.KvCache;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A prompt's beginning on its way from disk. */
public final class Restoration {

    /** There is nothing to wait for. */
    static final Restoration NOTHING = new Restoration();

    static {
        NOTHING.finish();
    }

    private @Nullable Restored restored;
    private volatile boolean done;

    /**
     * What has come of it.
     *
     * @param cache of exactly these tokens
     */
    public record Restored(int[] tokens, KvCache cache) {}

    void finish(int[] tokens, KvCache cache) {
        restored = tokens.length == 0 ? null : new Restored(tokens, cache);
        done = true;
    }

    void finish() {
        done = true;
    }

    public boolean isDone() {
        return done;
    }

    /** What was read, the first time it is asked for after it is done. */
    public Optional<Restored> take() {
        Optional<Restored> taken = Optional.ofNullable(restored);
        if (this != NOTHING) {
            restored = null;
        }
        return taken;
    }
}

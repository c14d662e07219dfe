package io.shiftadd.inference.generation;

import io.shiftadd.model.cache.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of sequences that have ended, for prompts that begin like them. Forks share memory with what they are
 * forked from, so an entry that is in use costs little. Belongs to the engine's thread.
 */
final class PrefixCache {

    /** Below this, computing is as fast as looking. */
    static final int LEAST_TOKENS = 16;

    /** Entries looked through for each prompt; more would only cost time. */
    private static final int MAX_ENTRIES = 256;

    private final List<Entry> entries = new ArrayList<>();
    private long bytes;

    /** @param tokens that the cache holds, all of its length */
    record Entry(int[] tokens, KvCache cache, long bytes) {}

    /**
     * The entry that shares the longest beginning with a prompt, at least {@link #LEAST_TOKENS}; it becomes the last to
     * go.
     */
    @Nullable
    Entry longest(int[] prompt) {
        Entry best = null;
        int longest = LEAST_TOKENS - 1;
        for (Entry entry : entries) {
            int common = common(entry.tokens(), entry.tokens().length, prompt);
            if (common > longest) {
                longest = common;
                best = entry;
            }
        }
        if (best != null) {
            entries.remove(best);
            entries.addLast(best);
        }
        return best;
    }

    /** Takes over a cache that nobody writes to any more. What it contains of shorter entries replaces them. */
    void keep(int[] tokens, KvCache cache) {
        if (tokens.length < LEAST_TOKENS) {
            return;
        }
        for (int i = entries.size() - 1; i >= 0; i--) {
            int[] others = entries.get(i).tokens();
            int common = common(others, others.length, tokens);
            if (common == tokens.length) {
                return;
            }
            if (common == others.length) {
                remove(i);
            }
        }
        if (entries.size() == MAX_ENTRIES) {
            remove(0);
        }
        entries.addLast(new Entry(tokens, cache, cache.allocatedBytes()));
        bytes += cache.allocatedBytes();
    }

    /** Drops the least recently used entries until they take no more than that. */
    void shrinkTo(long most) {
        while (bytes > most && !entries.isEmpty()) {
            remove(0);
        }
    }

    private void remove(int index) {
        bytes -= entries.remove(index).bytes();
    }

    /** The last is the one used last. */
    List<Entry> entries() {
        return entries;
    }

    long bytes() {
        return bytes;
    }

    int size() {
        return entries.size();
    }

    /** Length of the common beginning of the first {@code length} tokens and a prompt. */
    static int common(int[] tokens, int length, int[] prompt) {
        int until = Math.min(length, prompt.length);
        int mismatch = Arrays.mismatch(tokens, 0, until, prompt, 0, until);
        return mismatch < 0 ? until : mismatch;
    }
}

package io.shiftadd.inference.generation.sampling;

import java.util.Arrays;

/** How often each token occurred in the prompt and in the output of one choice; open-addressed, no boxing. */
final class TokenCounts {

    private static final int EMPTY = -1;

    private int[] keys = emptyKeys(64);
    private int[] generated = new int[64];
    private int size;

    void addPrompt(int[] tokens) {
        for (int token : tokens) {
            slotOf(token);
        }
    }

    void addGenerated(int token) {
        // First the slot: finding it may replace the array.
        int slot = slotOf(token);
        generated[slot]++;
    }

    /** Changes the logits of the tokens seen, as {@link SamplingSettings} says. */
    void penalize(float[] logits, SamplingSettings settings) {
        for (int slot = 0; slot < keys.length; slot++) {
            int token = keys[slot];
            if (token == EMPTY) {
                continue;
            }
            double logit = logits[token];
            logit = logit > 0 ? logit / settings.repetitionPenalty() : logit * settings.repetitionPenalty();
            if (generated[slot] > 0) {
                logit -= settings.presencePenalty() + generated[slot] * settings.frequencyPenalty();
            }
            // An infinite logit has no distance to any other.
            logits[token] = (float) Math.clamp(logit, -Float.MAX_VALUE, Float.MAX_VALUE);
        }
    }

    private int slotOf(int token) {
        if (2 * size >= keys.length) {
            grow();
        }
        int slot = find(keys, token);
        if (keys[slot] == EMPTY) {
            keys[slot] = token;
            size++;
        }
        return slot;
    }

    private void grow() {
        int[] grownKeys = emptyKeys(2 * keys.length);
        int[] grownCounts = new int[grownKeys.length];
        for (int slot = 0; slot < keys.length; slot++) {
            if (keys[slot] != EMPTY) {
                int to = find(grownKeys, keys[slot]);
                grownKeys[to] = keys[slot];
                grownCounts[to] = generated[slot];
            }
        }
        keys = grownKeys;
        generated = grownCounts;
    }

    private static int find(int[] keys, int token) {
        int mask = keys.length - 1;
        int slot = (token * 0x9E3779B9) >>> 7 & mask;
        while (keys[slot] != EMPTY && keys[slot] != token) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static int[] emptyKeys(int capacity) {
        int[] keys = new int[capacity];
        Arrays.fill(keys, EMPTY);
        return keys;
    }
}

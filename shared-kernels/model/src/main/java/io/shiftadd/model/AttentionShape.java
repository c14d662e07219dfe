package io.shiftadd.model;

import org.jspecify.annotations.Nullable;

/**
 * What one block's attention computes.
 *
 * @param window positions that a token attends to, its own included
 * @param slopes per head: what a score gains per position of its key (ALiBi), or null
 * @param rope rotation of queries and keys, or null
 */
record AttentionShape(
        int layer,
        int heads,
        int kvHeads,
        int headDim,
        float scale,
        float softCap,
        int window,
        float @Nullable [] slopes,
        @Nullable Rope rope,
        HeadView queryView,
        HeadView keyView,
        HeadView valueView) {

    /** @param fused whether one projection makes queries, keys and values, interleaved by head */
    static AttentionShape of(ModelConfig config, int layer, @Nullable Rope rope, boolean fused) {
        int d = config.headDim();
        int width = config.heads() * d;
        int keyWidth = config.kvHeads() * d;
        float[] slopes = config.positions() instanceof Positions.Alibi ? alibiSlopes(config.heads()) : null;
        return new AttentionShape(
                layer,
                config.heads(),
                config.kvHeads(),
                d,
                config.attention().scale(),
                config.attention().softCap(),
                config.window(layer),
                slopes,
                rope,
                fused ? new HeadView(3 * width, 3 * d, 0) : new HeadView(width, d, 0),
                fused ? new HeadView(3 * width, 3 * d, d) : new HeadView(keyWidth, d, 0),
                fused ? new HeadView(3 * width, 3 * d, 2 * d) : new HeadView(keyWidth, d, 0));
    }

    /** Query heads that share a key head. */
    int group() {
        return heads / kvHeads;
    }

    /** Elements of a token's queries, keys and values together. */
    int projectedWidth() {
        return (heads + 2 * kvHeads) * headDim;
    }

    /**
     * The geometric sequence 2^(−8/n), 2^(−16/n), … for n heads; where n is no power of two, that of the next lower
     * power, then every other element of that of the next higher one. Source: ALiBi (arXiv 2108.12409).
     */
    static float[] alibiSlopes(int heads) {
        int lower = Integer.highestOneBit(heads);
        float[] slopes = new float[heads];
        for (int i = 0; i < heads; i++) {
            slopes[i] = i < lower ? power(lower, i + 1) : power(2 * lower, 2 * (i - lower) + 1);
        }
        return slopes;
    }

    private static float power(int heads, int exponent) {
        return (float) Math.pow((float) Math.pow(2, -8.0 / heads), exponent);
    }
}

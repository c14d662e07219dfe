package io.shiftadd.model.attention;

import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.Positions;
import io.shiftadd.model.layers.Norm;
import org.jspecify.annotations.Nullable;

/**
 * What one block's attention computes.
 *
 * @param layer of the cache's
 * @param causal whether a token attends to itself and those before it alone, not to all of its segment
 * @param window positions that a token attends to, its own included
 * @param slopes per head: what a score gains per position of its key (ALiBi), or null
 * @param rope rotation of queries and keys, or null
 * @param queryNorm norm on each head's query before it is rotated, or null; likewise {@code keyNorm}
 */
public record AttentionShape(
        int layer,
        boolean causal,
        int heads,
        int kvHeads,
        int headDim,
        float scale,
        float softCap,
        int window,
        float @Nullable [] slopes,
        @Nullable Rope rope,
        @Nullable Norm queryNorm,
        @Nullable Norm keyNorm,
        HeadView queryView,
        HeadView keyView,
        HeadView valueView) {

    public static AttentionShape of(
            ModelConfig config, int layer, @Nullable Rope rope, @Nullable Norm queryNorm, @Nullable Norm keyNorm) {
        int d = config.headDim();
        int width = config.heads() * d;
        int keyWidth = config.kvHeads() * d;
        float[] slopes = config.positions() instanceof Positions.Alibi ? alibiSlopes(config.heads()) : null;
        return new AttentionShape(
                config.causal() ? layer : 0,
                config.causal(),
                config.heads(),
                config.kvHeads(),
                d,
                config.attention().scale(),
                config.attention().softCap(),
                config.window(layer),
                slopes,
                rope,
                queryNorm,
                keyNorm,
                view(config, 0, width, 0),
                view(config, 1, keyWidth, width),
                view(config, 2, keyWidth, width + keyWidth));
    }

    /**
     * @param part 0, 1, 2: queries, keys, values
     * @param width of this part
     * @param before of the parts before it
     */
    private static HeadView view(ModelConfig config, int part, int width, int before) {
        int d = config.headDim();
        int all = (config.heads() + 2 * config.kvHeads()) * d;
        return switch (config.block().projections()) {
            case SEPARATE -> new HeadView(width, d, 0);
            case BY_HEAD -> new HeadView(all, 3 * d, part * d);
            case IN_TURN -> new HeadView(all, d, before);
        };
    }

    /** Query heads that share a key head. */
    public int group() {
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

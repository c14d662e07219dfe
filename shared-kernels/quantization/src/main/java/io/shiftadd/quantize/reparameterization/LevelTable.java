package io.shiftadd.quantize.reparameterization;

/**
 * The {@code 2^q} values {@code Σ_i ±α_i} in ascending order, and which signs give each: what a weight is rounded to.
 * A table is filled again for each group, so that fitting allocates nothing.
 */
final class LevelTable {

    private final int bits;
    private final float[] levels;
    private final float[] thresholds;
    private final byte[] codes;

    LevelTable(int bits) {
        this.bits = bits;
        levels = new float[1 << bits];
        thresholds = new float[levels.length - 1];
        codes = new byte[levels.length];
    }

    /** @param scales α_i at {@code offset + i·stride}; bit i of a code is set for +α_i */
    void fill(float[] scales, int offset, int stride) {
        for (int code = 0; code < levels.length; code++) {
            float value = 0;
            for (int i = 0; i < bits; i++) {
                float scale = scales[offset + i * stride];
                value += (code >> i & 1) != 0 ? scale : -scale;
            }
            insert(code, value);
        }
        for (int i = 0; i < thresholds.length; i++) {
            thresholds[i] = 0.5f * (levels[i] + levels[i + 1]);
        }
    }

    private void insert(int code, float value) {
        int at = code;
        for (; at > 0 && levels[at - 1] > value; at--) {
            levels[at] = levels[at - 1];
            codes[at] = codes[at - 1];
        }
        levels[at] = value;
        codes[at] = (byte) code;
    }

    /** Number of levels. */
    int size() {
        return levels.length;
    }

    float level(int rank) {
        return levels[rank];
    }

    /** Above it, values belong to the level of {@code rank + 1} or higher; on it, to {@code rank} or lower. */
    float threshold(int rank) {
        return thresholds[rank];
    }

    byte code(int rank) {
        return codes[rank];
    }

    /** The rank of the level nearest to {@code value}; halfway between two, the higher one, so that 0 counts as +. */
    int nearest(float value) {
        int rank = 0;
        for (float threshold : thresholds) {
            rank += value >= threshold ? 1 : 0;
        }
        return rank;
    }
}

package io.shiftadd.model.attention;

import io.shiftadd.model.cache.KvCache;

/**
 * What attention is, in plain loops over doubles: of a token at position p to the positions before it and its own, as
 * far as the window reaches. Keys and values are what a cache of the precision keeps of them.
 *
 * @param group query heads that share a key head
 * @param slope what a score gains per position of its key, of all heads alike; 0 for nothing
 */
record PlainAttention(
        KvCache.Precision precision, int kvHeads, int group, int headDim, float softCap, int window, float slope) {

    /** The largest code of a byte. */
    private static final int LEVELS = 127;

    float scale() {
        return (float) (1 / Math.sqrt(headDim));
    }

    /**
     * @param queries {@code [tokens, heads·headDim]} of a sequence from its first token on
     * @param keys {@code [tokens, kvHeads·headDim]}, as values
     */
    float[] run(float[] queries, float[] keys, float[] values, int tokens) {
        float[] result = new float[queries.length];
        for (int t = 0; t < tokens; t++) {
            for (int h = 0; h < kvHeads * group; h++) {
                double[] weights = weights(queries, keys, t, h);
                for (int p = 0; p <= t; p++) {
                    float[] value = kept(values, (p * kvHeads + h / group) * headDim);
                    for (int d = 0; d < headDim; d++) {
                        result[(t * kvHeads * group + h) * headDim + d] += (float) (weights[p] * value[d]);
                    }
                }
            }
        }
        return result;
    }

    private double[] weights(float[] queries, float[] keys, int token, int head) {
        double[] weights = new double[token + 1];
        double total = 0;
        for (int p = Math.max(0, token + 1 - window); p <= token; p++) {
            float[] key = kept(keys, (p * kvHeads + head / group) * headDim);
            double score = 0;
            for (int d = 0; d < headDim; d++) {
                score += scale() * queries[(token * kvHeads * group + head) * headDim + d] * key[d];
            }
            if (softCap > 0) {
                score = softCap * Math.tanh(score / softCap);
            }
            weights[p] = Math.exp(score + slope * (p - token));
            total += weights[p];
        }
        for (int p = 0; p <= token; p++) {
            weights[p] /= total;
        }
        return weights;
    }

    /** A vector as a cache keeps it. */
    private float[] kept(float[] source, int at) {
        float[] kept = new float[headDim];
        float largest = 0;
        for (int d = 0; d < headDim; d++) {
            largest = Math.max(largest, Math.abs(source[at + d]));
        }
        float step = largest / LEVELS;
        for (int d = 0; d < headDim; d++) {
            float x = source[at + d];
            kept[d] = switch (precision) {
                case FLOAT32 -> x;
                case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16(x));
                case INT8 -> step > 0 ? (float) Math.rint(x / step) * step : 0;
            };
        }
        return kept;
    }
}

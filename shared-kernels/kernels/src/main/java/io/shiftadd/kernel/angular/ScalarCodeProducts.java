package io.shiftadd.kernel.angular;

import java.util.Arrays;

/** Plain loops: the specification. */
final class ScalarCodeProducts implements CodeProducts {

    private static final int GROUP = 4;

    @Override
    public void sumByCode(
            long[] codes,
            int first,
            int tokens,
            int bits,
            float[] values,
            int from,
            int stride,
            int width,
            float[] sums,
            int at) {
        Arrays.fill(sums, at, at + bits * width, 0);
        float[] four = new float[GROUP];
        for (int token = 0; token < tokens; token += GROUP) {
            for (int bit = 0; bit < bits; bit++) {
                for (int i = 0; i < width; i++) {
                    for (int j = 0; j < GROUP; j++) {
                        boolean counts = token + j < tokens && (codes[first + token + j] >>> bit & 1) != 0;
                        four[j] = counts ? values[from + (token + j) * stride + i] : 0;
                    }
                    sums[at + bit * width + i] += (four[0] + four[1]) + (four[2] + four[3]);
                }
            }
        }
    }

    @Override
    public void addByCode(
            long[] codes,
            int first,
            int tokens,
            int bits,
            float[] sums,
            int at,
            int width,
            float[] result,
            int to,
            int stride) {
        float[] four = new float[GROUP];
        for (int token = 0; token < tokens; token++) {
            long code = codes[first + token];
            for (int i = 0; i < width; i++) {
                float sum = 0;
                for (int bit = 0; bit < bits; bit += GROUP) {
                    for (int j = 0; j < GROUP; j++) {
                        boolean counts = bit + j < bits && (code >>> bit + j & 1) != 0;
                        four[j] = counts ? sums[at + (bit + j) * width + i] : 0;
                    }
                    sum += (four[0] + four[1]) + (four[2] + four[3]);
                }
                result[to + token * stride + i] = sum;
            }
        }
    }
}

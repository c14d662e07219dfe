package io.shiftadd.quantize.tuning;

import io.shiftadd.kernel.KernelContext;

/** Sums of squares in double, in an order that does not depend on the threads. */
final class Norms {

    private static final int CHUNK = 1 << 16;

    private Norms() {}

    static double squares(float[] values, int count, KernelContext context) {
        double[] parts = new double[Math.ceilDiv(count, CHUNK)];
        context.parallelFor(parts.length, (chunk, _) -> {
            double a = 0;
            double b = 0;
            int end = Math.min(count, (chunk + 1) * CHUNK);
            int i = chunk * CHUNK;
            for (; i + 1 < end; i += 2) {
                a += (double) values[i] * values[i];
                b += (double) values[i + 1] * values[i + 1];
            }
            if (i < end) {
                a += (double) values[i] * values[i];
            }
            parts[chunk] = a + b;
        });
        double sum = 0;
        for (double part : parts) {
            sum += part;
        }
        return sum;
    }
}

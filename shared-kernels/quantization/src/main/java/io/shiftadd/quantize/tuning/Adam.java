package io.shiftadd.quantize.tuning;

import io.shiftadd.kernel.KernelContext;

/**
 * Adam over an array of parameters: {@code m ← β₁m + (1 − β₁)g}, {@code v ← β₂v + (1 − β₂)g²},
 * {@code x ← x − step·m̂/(√v̂ + ε)} with both means corrected for their start at zero. Float; the means may be kept in
 * bfloat16.
 *
 * <p>Source: Adam (Kingma and Ba, 2015). Deviation: β₂ is 0.98, for runs of a few hundred steps.
 */
final class Adam {

    private static final float FIRST_DECAY = 0.9f;
    private static final float SECOND_DECAY = 0.98f;
    private static final float EPSILON = 1e-8f;

    /** Elements that are one thread's work. */
    private static final int CHUNK = 1 << 16;

    /** Elements whose means are in float at once; within the first cache. */
    private static final int PART = 1 << 11;

    private final Numbers first;
    private final Numbers second;

    Adam(int size, boolean inHalves) {
        first = Numbers.of(size, inHalves);
        second = Numbers.of(size, inHalves);
    }

    /** The means of gradients and of their squares: what a checkpoint has to keep. */
    Numbers first() {
        return first;
    }

    Numbers second() {
        return second;
    }

    /**
     * @param step from 0
     * @param scale of the gradients
     */
    void update(float[] parameters, Numbers gradient, float scale, double stepSize, int step, KernelContext context) {
        float rate = (float) (stepSize / (1 - Math.pow(FIRST_DECAY, step + 1)));
        float inverse = (float) (1 / Math.sqrt(1 - Math.pow(SECOND_DECAY, step + 1)));
        context.parallelFor(Math.ceilDiv(parameters.length, CHUNK), (chunk, _) -> {
            float[] m = new float[PART];
            float[] v = new float[PART];
            float[] g = new float[PART];
            int end = Math.min(parameters.length, (chunk + 1) * CHUNK);
            for (int from = chunk * CHUNK; from < end; from += PART) {
                int count = Math.min(PART, end - from);
                first.read(from, m, count);
                second.read(from, v, count);
                gradient.read(from, g, count);
                part(parameters, from, count, m, v, g, scale, rate, inverse);
                first.write(from, m, 0, count);
                second.write(from, v, 0, count);
            }
        });
    }

    private static void part(
            float[] parameters,
            int from,
            int count,
            float[] m,
            float[] v,
            float[] g,
            float scale,
            float rate,
            float inverse) {
        for (int i = 0; i < count; i++) {
            float d = g[i] * scale;
            m[i] = FIRST_DECAY * m[i] + (1 - FIRST_DECAY) * d;
            v[i] = SECOND_DECAY * v[i] + (1 - SECOND_DECAY) * (d * d);
        }
        for (int i = 0; i < count; i++) {
            parameters[from + i] -= rate * m[i] / ((float) Math.sqrt(v[i]) * inverse + EPSILON);
        }
    }
}

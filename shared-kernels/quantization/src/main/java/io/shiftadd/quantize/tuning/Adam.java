package io.shiftadd.quantize.tuning;

import io.shiftadd.kernel.KernelContext;

/**
 * Adam over an array of parameters: {@code m ← β₁m + (1 − β₁)g}, {@code v ← β₂v + (1 − β₂)g²},
 * {@code x ← x − step·m̂/(√v̂ + ε)} with both means corrected for their start at zero. Float.
 *
 * <p>Source: Adam (Kingma and Ba, 2015). Deviation: β₂ is 0.98, for runs of a few hundred steps.
 */
final class Adam {

    private static final float FIRST_DECAY = 0.9f;
    private static final float SECOND_DECAY = 0.98f;
    private static final float EPSILON = 1e-8f;

    /** Elements that are one thread's work. */
    private static final int CHUNK = 1 << 16;

    private final float[] first;
    private final float[] second;

    Adam(int size) {
        first = new float[size];
        second = new float[size];
    }

    /** The means of gradients and of their squares, its own arrays: what a checkpoint has to keep. */
    float[] first() {
        return first;
    }

    float[] second() {
        return second;
    }

    /**
     * @param step from 0
     * @param scale of the gradients
     */
    void update(float[] parameters, float[] gradient, float scale, double stepSize, int step, KernelContext context) {
        double firstCorrection = 1 - Math.pow(FIRST_DECAY, step + 1);
        double secondCorrection = 1 - Math.pow(SECOND_DECAY, step + 1);
        float rate = (float) (stepSize / firstCorrection);
        float inverse = (float) (1 / Math.sqrt(secondCorrection));
        context.parallelFor(Math.ceilDiv(parameters.length, CHUNK), (chunk, _) -> {
            int end = Math.min(parameters.length, (chunk + 1) * CHUNK);
            for (int i = chunk * CHUNK; i < end; i++) {
                float g = gradient[i] * scale;
                float m = FIRST_DECAY * first[i] + (1 - FIRST_DECAY) * g;
                float v = SECOND_DECAY * second[i] + (1 - SECOND_DECAY) * (g * g);
                first[i] = m;
                second[i] = v;
                parameters[i] -= rate * m / ((float) Math.sqrt(v) * inverse + EPSILON);
            }
        });
    }
}

package io.shiftadd.quantize.tuning;

/**
 * How a packed model is tuned. The defaults are those that were measured: docs/lab-notebook.md.
 *
 * @param steps of the optimizer
 * @param sequences of a step
 * @param length tokens of a sequence
 * @param scaleStep step size of a scale, relative to the mean magnitude of its layer's
 * @param latentStep step size of a latent weight, relative to the mean magnitude of its layer's
 * @param plainStep step size of norms' weights, and of biases
 * @param seed of the order of the sequences
 */
public record TuningSettings(
        int steps, int sequences, int length, float scaleStep, float latentStep, float plainStep, long seed) {

    public static final int DEFAULT_SEQUENCES = 8;
    public static final int DEFAULT_LENGTH = 512;
    public static final float DEFAULT_SCALE_STEP = 0.005f;
    public static final float DEFAULT_LATENT_STEP = 0.02f;
    public static final float DEFAULT_PLAIN_STEP = 0.001f;

    /** With 3 bits and more, levels are closer, and half the step loses less. */
    private static final float FINE_LATENT_STEP = 0.01f;

    private static final int FINE_BITS = 3;

    /** Every sequence is used once up to this many steps, then more often. */
    private static final int STEPS_ON_NEW_TEXT = 256;

    private static final double USES = 2.5;

    private static final int WARM_UP = 20;
    private static final double LEAST_SHARE = 0.05;

    public TuningSettings {
        if (steps < 1 || sequences < 1 || length < 2) {
            throw new IllegalArgumentException(steps + " steps of " + sequences + " sequences of " + length
                    + " tokens: at least 1, 1 and 2 are needed");
        }
        if (!(scaleStep > 0 && latentStep > 0 && plainStep > 0)) {
            throw new IllegalArgumentException(
                    "step sizes must be above 0, not " + scaleStep + ", " + latentStep + " and " + plainStep);
        }
    }

    /**
     * The default recipe.
     *
     * @param meanBits of the layers
     * @param contextLength the model's; sequences are no longer
     */
    public static TuningSettings of(int steps, double meanBits, int contextLength, long seed) {
        return new TuningSettings(
                steps,
                DEFAULT_SEQUENCES,
                Math.min(DEFAULT_LENGTH, contextLength),
                DEFAULT_SCALE_STEP,
                meanBits >= FINE_BITS ? FINE_LATENT_STEP : DEFAULT_LATENT_STEP,
                DEFAULT_PLAIN_STEP,
                seed);
    }

    public TuningSettings withLatentStep(float value) {
        return new TuningSettings(steps, sequences, length, scaleStep, value, plainStep, seed);
    }

    /** Tokens of a step. */
    public int tokens() {
        return Math.multiplyExact(sequences, length);
    }

    /** Sequences of text that the steps want; each is used once, or 2.5 times where there are many steps. */
    public int texts() {
        int all = Math.multiplyExact(steps, sequences);
        int fresh = Math.min(steps, STEPS_ON_NEW_TEXT) * sequences;
        return Math.max(fresh, (int) Math.ceil(all / USES));
    }

    /**
     * Share of the step sizes that a step takes, counted from 0: a short rise, then half a cosine down to a twentieth.
     */
    double share(int step) {
        int warmUp = Math.min(WARM_UP, steps / 2);
        if (step < warmUp) {
            return (step + 1.0) / warmUp;
        }
        double along = (double) (step - warmUp) / Math.max(1, steps - warmUp);
        return LEAST_SHARE + (1 - LEAST_SHARE) * 0.5 * (1 + Math.cos(Math.PI * along));
    }
}

package io.shiftadd.job;

/**
 * What tuning takes.
 *
 * @param memoryBytes heap at the fullest moment, upper bounds
 * @param diskBytes of its text with the original's states, and of what it goes on from after a break, written beside
 *     the one before
 */
public record TuningEstimate(long memoryBytes, long diskBytes) {

    /** Weights of a model from which on gradients and the optimizer's means are kept in 16 bits. */
    public static final long WEIGHTS_IN_16_BITS = 1L << 28;

    /** Latent weight, gradient and two means in float. */
    private static final int WEIGHT_BYTES = 16;

    /** The same, all but the latent weight in 16 bits. */
    private static final int SHORT_WEIGHT_BYTES = 10;

    /** What a break must not lose of a weight: the latent one and the two means. */
    private static final int SAVED_BYTES = 12;

    private static final int SHORT_SAVED_BYTES = 8;

    /**
     * Arrays of one layer: plain weights of student and teacher, gradient, signs and what turns one basis into the
     * other.
     */
    private static final int LAYER_ARRAYS = 4;

    /** Floats up to which the activations of all blocks are kept. */
    public static final long KEPT_FLOATS = 300L << 20;

    /** Logits of teacher and student, and states before and behind the last norm. */
    private static final long LOGITS = 2L << 22;

    private static final int STATES = 8;

    static TuningEstimate of(ModelDimensions model, JobSettings settings, long heapBytes) {
        Tuning tune = settings.tune();
        if (tune == null) {
            return new TuningEstimate(0, 0);
        }
        int length = Tuning.length(settings.sequenceLength(model.contextLength()));
        long tokens = (long) Tuning.SEQUENCES * length;
        long weights = model.linearWeights();
        boolean inShort = weights >= WEIGHTS_IN_16_BITS;
        long layer = (long) model.widest() * model.hiddenSize() * LAYER_ARRAYS * Float.BYTES;
        long head = (settings.headBits() == null ? 1L : 2L) * model.vocabularySize() * model.hiddenSize() * Float.BYTES;
        long passes = (activations(model, tokens)
                        + STATES * tokens * model.hiddenSize()
                        + Math.max(LOGITS, 2L * model.vocabularySize()))
                * Float.BYTES;
        long text = (long) tune.steps(length) * tokens * Integer.BYTES;
        long states = tune.textOrDefault() == TuningText.SAMPLED
                ? (long) tune.steps(length) * tokens * model.hiddenSize() * Short.BYTES
                : 0;
        return new TuningEstimate(
                weights * (inShort ? SHORT_WEIGHT_BYTES : WEIGHT_BYTES)
                        + layer
                        + head
                        + Math.max(passes, SamplingEstimate.bytes(model, Integer.MAX_VALUE, length, heapBytes))
                        + text,
                2 * weights * (inShort ? SHORT_SAVED_BYTES : SAVED_BYTES) + text + states);
    }

    /** Floats of the activations: of every block where they fit, of one and the states before each where not. */
    private static long activations(ModelDimensions model, long tokens) {
        long hidden = model.hiddenSize();
        long query = (long) model.heads() * model.headDim();
        long projected = query + 2L * model.kvHeads() * model.headDim();
        long kept = 4 * hidden + 2 * projected + query + 3L * model.intermediateSize();
        long all = tokens * (model.layers() + 2) * kept;
        return all <= KEPT_FLOATS ? all : tokens * (model.layers() * hidden + 3 * kept);
    }
}

package io.shiftadd.job;

/**
 * What a job will take, told before it starts. Upper bounds for the largest layer: one decoder block is in work at a
 * time, its weights mapped, its calibration states in files.
 *
 * @param memoryBytes heap and native memory at the fullest moment
 * @param hiddenBytes of the calibration states before one block
 * @param keptBytes of all calibration states that are there at a time
 * @param packedBytes of all packed layers
 * @param artifactBytes of the published model
 * @param candidateBytes of a model that is only measured, and its calibration states beside the job's own
 * @param tuningBytes of the text that a model is tuned on, of what a tuning that breaks off goes on from, and of its
 *     result
 */
public record ResourceEstimate(
        long memoryBytes,
        long hiddenBytes,
        long keptBytes,
        long packedBytes,
        long artifactBytes,
        long candidateBytes,
        long tuningBytes) {

    /** Second moments of the inputs in double: as accumulated, shifted, inverted, factored, and one to work in. */
    private static final int MOMENT_MATRICES = 5;

    /** Weights in float: original, target, rotated, its transposition, the fit, and its residual. */
    private static final int WEIGHT_MATRICES = 6;

    /** Tokens that go through a block at once. */
    private static final int BATCH_TOKENS = 4096;

    /** Logits that are in memory at once, see the evaluation. */
    private static final long BATCH_LOGITS = 1L << 24;

    /** Activations of a token, in hidden and intermediate sizes. */
    private static final int HIDDEN_ARRAYS = 8;

    private static final int INTERMEDIATE_ARRAYS = 4;

    /** The service itself, the tokenizer, the Java virtual machine. */
    private static final long BASE = 200L << 20;

    /** Planes are padded, scales and signs come with them. */
    private static final double PACKING = 1.25;

    private static final int MOST_BITS = 4;

    /** Scales in float16 of a group of 128 columns, one for each bit and an offset: bits a weight. */
    private static final double ROW_SCALE_BITS = 16.0 * (MOST_BITS + 1) / 128;

    /** States of the reparameterized model and of the original. */
    private static final int STREAMS = 2;

    /**
     * @param kind as the job's row says
     * @param heapBytes that the worker may use: batches are sized by it
     */
    public static ResourceEstimate of(ModelDimensions model, JobKind kind, JobSettings settings, long heapBytes) {
        return kind == JobKind.EVALUATE
                ? new ResourceEstimate(
                        BASE + Math.max(evaluation(model, settings), sampling(model, kind, settings, heapBytes)),
                        0,
                        0,
                        0,
                        0,
                        0,
                        0)
                : reparameterization(model, settings, heapBytes);
    }

    /** Text that the model writes itself where a request names none. */
    private static long sampling(ModelDimensions model, JobKind kind, JobSettings settings, long heapBytes) {
        boolean calibrates = kind == JobKind.REPARAMETERIZE && settings.calibrationText() == null;
        boolean evaluates =
                settings.evaluationText() == null && settings.tasksOrNone().isEmpty();
        int windows = Math.max(
                calibrates ? settings.calibrationWindows() : 0,
                evaluates ? Math.max(1, settings.evaluationWindows()) : 0);
        int length = settings.sequenceLength(model.contextLength());
        return windows == 0 ? 0 : SamplingEstimate.bytes(model, windows, length, heapBytes);
    }

    private static ResourceEstimate reparameterization(ModelDimensions model, JobSettings settings, long heapBytes) {
        long hidden = model.hiddenSize();
        long widest = model.widest();
        long moments = Math.multiplyExact(widest * widest, (long) MOMENT_MATRICES * Double.BYTES);
        long rows = settings.headBits() == null ? widest : Math.max(widest, model.vocabularySize());
        long weights = Math.multiplyExact(hidden * rows, (long) WEIGHT_MATRICES * Float.BYTES);
        long length = settings.sequenceLength(model.contextLength());
        long states = Math.multiplyExact(
                Math.multiplyExact((long) settings.calibrationWindows(), length), hidden * Float.BYTES * STREAMS);
        long head = settings.headBits() == null
                ? 0
                : (long) ((double) model.vocabularySize() * hidden * settings.headBits() / Byte.SIZE * PACKING);
        long packed = (long) (model.parameters() * bits(settings) / Byte.SIZE * PACKING) + head;
        long candidate = settings.size() instanceof Size.PerplexityIncrease ? packed + 2 * states : 0;
        long fits = moments + weights + activations(model, length);
        // States before every block, of one stream, and those that the block in work makes.
        long kept = settings.originalCalibration() ? states / STREAMS * (model.layers() + 2) + states : 2 * states;
        TuningEstimate tuning = TuningEstimate.of(model, settings, heapBytes);
        long sampling = sampling(model, JobKind.REPARAMETERIZE, settings, heapBytes);
        return new ResourceEstimate(
                BASE + Math.max(Math.max(fits, evaluation(model, settings)), Math.max(sampling, tuning.memoryBytes())),
                states,
                kept,
                packed,
                model.sizeBytes() + packed,
                candidate,
                tuning.diskBytes() + (settings.tune() == null ? 0 : packed));
    }

    private static long activations(ModelDimensions model, long length) {
        long hidden = model.hiddenSize();
        long widest = model.widest();
        long batch = Math.max(BATCH_TOKENS, length);
        long logits = (long) model.vocabularySize() * Float.BYTES * 64;
        return batch * (HIDDEN_ARRAYS * hidden + INTERMEDIATE_ARRAYS * widest) * Float.BYTES + logits;
    }

    /** A batch of windows goes through the whole model and its original, with a cache for each. */
    private static long evaluation(ModelDimensions model, JobSettings settings) {
        long length = settings.sequenceLength(model.contextLength());
        long batch = Math.max(BATCH_TOKENS, length);
        long caches = batch * model.cacheBytes();
        long logits = 2 * Math.max(BATCH_LOGITS, model.vocabularySize()) * Float.BYTES;
        return activations(model, length) + caches + logits;
    }

    private static double bits(JobSettings settings) {
        double baselineScales = settings.methodOrDefault().shiftsAndAdds() ? 0 : ROW_SCALE_BITS;
        return baselineScales
                + switch (settings.size()) {
                    case Size.Bits(int bits) -> bits;
                    case Size.MeanBits(double mean) -> mean;
                    // what is asked for is a part of the model's bytes; the most bits hold it anyway
                    case Size.Bytes _, Size.PerplexityIncrease _ -> MOST_BITS;
                    case null -> MOST_BITS;
                };
    }

    /** On the disk at the fullest moment: states, packed layers twice, the rest of the model. */
    public long diskBytes() {
        return Math.max(keptBytes + packedBytes + artifactBytes + tuningBytes, keptBytes + candidateBytes);
    }

    public long blockDiskBytes(int blocks) {
        return hiddenBytes + packedBytes / Math.max(1, blocks);
    }
}

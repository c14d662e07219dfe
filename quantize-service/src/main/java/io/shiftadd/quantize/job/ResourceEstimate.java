package io.shiftadd.quantize.job;

import io.shiftadd.model.ModelConfig;

/**
 * What a job will take, told before it starts. Upper bounds for the largest layer: one decoder block is in work at a
 * time, its weights mapped, its calibration states in files.
 *
 * @param memoryBytes heap and native memory at the fullest moment
 * @param hiddenBytes of the calibration states before one block
 * @param keptBytes of all calibration states that are there at a time
 * @param packedBytes of all packed layers
 * @param artifactBytes of the published model
 */
record ResourceEstimate(long memoryBytes, long hiddenBytes, long keptBytes, long packedBytes, long artifactBytes) {

    /** Second moments of the inputs in double: as accumulated, shifted, inverted, factored, and one to work in. */
    private static final int MOMENT_MATRICES = 5;

    /** Weights in float: original, target, rotated, its transposition, the fit, and its residual. */
    private static final int WEIGHT_MATRICES = 6;

    /** Tokens that go through a block at once. */
    private static final int BATCH_TOKENS = 4096;

    /** Activations of a token, in hidden and intermediate sizes. */
    private static final int HIDDEN_ARRAYS = 8;

    private static final int INTERMEDIATE_ARRAYS = 4;

    /** The service itself, the tokenizer, the Java virtual machine. */
    private static final long BASE = 200L << 20;

    private static final int MOST_BITS = 4;

    /** States of the reparameterized model and of the original. */
    private static final int STREAMS = 2;

    static ResourceEstimate of(ModelConfig config, JobSettings settings, SourceModel source) {
        long hidden = config.hiddenSize();
        long widest = Math.max(config.intermediateSize(), hidden);
        long moments = Math.multiplyExact(widest * widest, (long) MOMENT_MATRICES * Double.BYTES);
        long weights = Math.multiplyExact(hidden * widest, (long) WEIGHT_MATRICES * Float.BYTES);
        long length = settings.sequenceLength(config.contextLength());
        long batch = Math.max(BATCH_TOKENS, length);
        long activations = batch * (HIDDEN_ARRAYS * hidden + INTERMEDIATE_ARRAYS * widest) * Float.BYTES;
        long logits = (long) config.vocabularySize() * Float.BYTES * 64;
        long states = Math.multiplyExact(
                Math.multiplyExact((long) settings.samples(), length), hidden * Float.BYTES * STREAMS);
        long packed = (long) (source.parameters() * bits(settings) / Byte.SIZE * 1.25);
        // States before every block, of one stream, and those that the block in work makes.
        long kept = settings.originalCalibration() ? states / STREAMS * (config.layers() + 1) + states : 2 * states;
        return new ResourceEstimate(
                BASE + moments + weights + activations + logits, states, kept, packed, source.sizeBytes() + packed);
    }

    private static double bits(JobSettings settings) {
        if (settings.bits() != null) {
            return settings.bits();
        }
        return settings.meanBits() != null ? settings.meanBits() : MOST_BITS;
    }

    /** On the disk at the fullest moment: states, packed layers twice, the rest of the model. */
    long diskBytes() {
        return keptBytes + packedBytes + artifactBytes;
    }

    long blockDiskBytes(int blocks) {
        return hiddenBytes + packedBytes / Math.max(1, blocks);
    }
}

package io.shiftadd.quantize.job.run;

import io.shiftadd.model.KvCache;
import io.shiftadd.model.ModelConfig;
import io.shiftadd.quantize.job.lease.ClaimedJob;
import io.shiftadd.quantize.job.lease.JobSettings;
import io.shiftadd.quantize.job.lease.Size;

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
 */
public record ResourceEstimate(
        long memoryBytes, long hiddenBytes, long keptBytes, long packedBytes, long artifactBytes, long candidateBytes) {

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

    public static ResourceEstimate of(
            ModelConfig config, ClaimedJob.Kind kind, JobSettings settings, SourceModel source) {
        return kind == ClaimedJob.Kind.EVALUATE
                ? new ResourceEstimate(BASE + evaluation(config, settings), 0, 0, 0, 0, 0)
                : reparameterization(config, settings, source);
    }

    private static ResourceEstimate reparameterization(ModelConfig config, JobSettings settings, SourceModel source) {
        long hidden = config.hiddenSize();
        long widest = Math.max(config.intermediateSize(), hidden);
        long moments = Math.multiplyExact(widest * widest, (long) MOMENT_MATRICES * Double.BYTES);
        long rows = settings.headBits() == null ? widest : Math.max(widest, config.vocabularySize());
        long weights = Math.multiplyExact(hidden * rows, (long) WEIGHT_MATRICES * Float.BYTES);
        long length = settings.sequenceLength(config.contextLength());
        long states = Math.multiplyExact(
                Math.multiplyExact((long) settings.samples(), length), hidden * Float.BYTES * STREAMS);
        long head = settings.headBits() == null
                ? 0
                : (long) ((double) config.vocabularySize() * hidden * settings.headBits() / Byte.SIZE * PACKING);
        long packed = (long) (source.parameters() * bits(settings) / Byte.SIZE * PACKING) + head;
        long candidate = settings.size() instanceof Size.PerplexityIncrease ? packed + 2 * states : 0;
        long fits = moments + weights + activations(config, length);
        // States before every block, of one stream, and those that the block in work makes.
        long kept = settings.originalCalibration() ? states / STREAMS * (config.layers() + 2) + states : 2 * states;
        return new ResourceEstimate(
                BASE + Math.max(fits, evaluation(config, settings)),
                states,
                kept,
                packed,
                source.sizeBytes() + packed,
                candidate);
    }

    private static long activations(ModelConfig config, long length) {
        long hidden = config.hiddenSize();
        long widest = Math.max(config.intermediateSize(), hidden);
        long batch = Math.max(BATCH_TOKENS, length);
        long logits = (long) config.vocabularySize() * Float.BYTES * 64;
        return batch * (HIDDEN_ARRAYS * hidden + INTERMEDIATE_ARRAYS * widest) * Float.BYTES + logits;
    }

    /** A batch of windows goes through the whole model, with a cache for each. */
    private static long evaluation(ModelConfig config, JobSettings settings) {
        long length = settings.sequenceLength(config.contextLength());
        long batch = Math.max(BATCH_TOKENS, length);
        long caches = batch * KvCache.bytesPerPosition(config, KvCache.Precision.FLOAT32);
        long logits = Math.max(BATCH_LOGITS, config.vocabularySize()) * Float.BYTES;
        return activations(config, length) + caches + logits;
    }

    private static double bits(JobSettings settings) {
        double baselineScales = settings.terms() == null ? ROW_SCALE_BITS : 0;
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
        return Math.max(keptBytes + packedBytes + artifactBytes, keptBytes + candidateBytes);
    }

    long blockDiskBytes(int blocks) {
        return hiddenBytes + packedBytes / Math.max(1, blocks);
    }
}

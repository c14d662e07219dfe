package io.shiftadd.registry.dashboard;

import io.shiftadd.registry.model.ModelShape;
import io.shiftadd.registry.model.ModelView;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a job will take and give, told before it starts: from the shape of the model, and from what earlier jobs took.
 *
 * @param sizeBytes of the result: packed layers with their scales, and everything that stays as it is
 * @param memoryBytes of the worker at its fullest moment
 * @param seconds null as long as there is no job to learn from
 */
public record Estimate(
        long originalBytes,
        long sizeBytes,
        long memoryBytes,
        @Nullable Double seconds) {

    private static final Set<String> PLAIN_MLP = Set.of("opt", "bloom");

    /** Signed powers of two in a scale, one byte each; a scale for each column and plane. */
    private static final int TERMS = 3;

    /** The worker with nothing to do. */
    private static final long BASE = 200L << 20;

    /** Second moments in double, weights in float, each as often as the fit of a layer holds them. */
    private static final int MOMENTS = 5 * Double.BYTES;

    private static final int WEIGHTS = 6 * Float.BYTES;
    private static final int BATCH_TOKENS = 4096;

    /** @param secondsPerWeight of earlier jobs */
    static Estimate of(ModelView model, double bits, @Nullable Double secondsPerWeight) {
        ModelShape shape = model.shape();
        long linear = linearWeights(model.family(), shape);
        long bytesPerWeight = "F32".equals(shape.dtype()) ? Float.BYTES : Short.BYTES;
        long rest = Math.max(0, model.sizeBytes() - linear * bytesPerWeight);
        double scales = (double) columns(model.family(), shape) * bits * TERMS;
        long size = rest + Math.round(linear * bits / Byte.SIZE + scales);
        long hidden = shape.hiddenSize();
        long widest = Math.max(shape.intermediateSize(), hidden);
        long memory = BASE
                + widest * widest * MOMENTS
                + hidden * widest * WEIGHTS
                + (long) BATCH_TOKENS * (8 * hidden + 4 * widest) * Float.BYTES;
        return new Estimate(
                model.sizeBytes(), size, memory, secondsPerWeight == null ? null : secondsPerWeight * linear);
    }

    /** Weights of the linear layers of all decoder blocks. */
    static long linearWeights(String family, ModelShape shape) {
        long hidden = shape.hiddenSize();
        long heads = (long) shape.heads() * shape.headDim();
        long keys = (long) shape.kvHeads() * shape.headDim();
        long attention = hidden * (2 * heads + 2 * keys);
        long mlp = (PLAIN_MLP.contains(family) ? 2L : 3L) * hidden * shape.intermediateSize();
        return shape.layers() * (attention + mlp);
    }

    private static long columns(String family, ModelShape shape) {
        long hidden = shape.hiddenSize();
        long heads = (long) shape.heads() * shape.headDim();
        long entering = PLAIN_MLP.contains(family) ? hidden : 2 * hidden;
        return shape.layers() * (3 * hidden + heads + entering + shape.intermediateSize());
    }
}

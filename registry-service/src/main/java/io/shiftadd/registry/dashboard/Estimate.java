package io.shiftadd.registry.dashboard;

import io.shiftadd.registry.model.ModelShape;
import io.shiftadd.registry.model.ModelView;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a job will take and give, told before it starts: from the shape of the model, the settings, and what earlier jobs
 * took. Bytes are upper bounds but for the size.
 *
 * @param leastBytes of the result: packed layers with their scales, and everything that stays as it is
 * @param mostBytes the same unless the job searches for its size
 * @param memoryBytes of the worker at its fullest moment
 * @param diskBytes of the worker's work directory: hidden states, packed layers, the result
 * @param seconds null when there is no job to learn from
 */
public record Estimate(
        long originalBytes,
        long leastBytes,
        long mostBytes,
        long memoryBytes,
        long diskBytes,
        @Nullable Double seconds) {

    private static final Set<String> PLAIN_MLP = Set.of("opt", "bloom");
    private static final Set<String> ROW_WISE = Set.of("rtn", "optq", "lut-gemm");

    /** Signed powers of two in a scale, one byte each; a scale for each column and plane. */
    private static final int TERMS = 3;

    /** Columns that share the float16 scales and offset of a baseline's row. */
    private static final double ROW_GROUP = 128;

    /** Bits between which a size is searched for. */
    private static final double FEWEST = 2;

    private static final double MOST = 4;

    /** The worker with nothing to do. */
    private static final long BASE = 200L << 20;

    /** Second moments in double, weights in float, each as often as the fit of a layer holds them. */
    private static final int MOMENTS = 5 * Double.BYTES;

    private static final int WEIGHTS = 6 * Float.BYTES;
    private static final long BATCH_TOKENS = 4096;

    /** Logits that an evaluation holds at a time. */
    private static final long BATCH_LOGITS = 1L << 24;

    /** Hidden states of the original and of the reparameterized blocks, in float. */
    private static final int STATES = 2 * Float.BYTES;

    static Estimate reparameterization(ModelView model, EstimateInputs inputs, @Nullable JobRates rates) {
        double least = inputs.bits() == null ? FEWEST : inputs.bits();
        double most = inputs.bits() == null ? MOST : inputs.bits();
        long small = size(model, inputs, least);
        long large = size(model, inputs, most);
        if (inputs.budgetBytes() != null) {
            small = Math.min(model.sizeBytes(), rest(model) + inputs.budgetBytes());
            large = small;
        }
        long linear = linearWeights(model.family(), model.shape());
        long states = inputs.calibrationTokens() * model.shape().hiddenSize() * STATES;
        long kept = inputs.original() ? states / 2 * (model.shape().layers() + 2) + states : 2 * states;
        return new Estimate(
                model.sizeBytes(),
                small,
                large,
                BASE + Math.max(fit(model, inputs), evaluation(model, inputs)),
                kept + 2 * large,
                rates == null ? null : rates.seconds(linear, inputs));
    }

    static Estimate evaluation(ModelView model, EstimateInputs inputs, @Nullable JobRates rates) {
        long linear = linearWeights(model.family(), model.shape());
        return new Estimate(
                model.sizeBytes(),
                model.sizeBytes(),
                model.sizeBytes(),
                BASE + evaluation(model, inputs),
                0,
                rates == null ? null : rates.evaluationSeconds(linear, inputs));
    }

    private static long size(ModelView model, EstimateInputs inputs, double bits) {
        long linear = linearWeights(model.family(), model.shape());
        double scales = ROW_WISE.contains(inputs.method())
                ? linear * Short.BYTES * (bits + 1) / ROW_GROUP
                : columns(model.family(), model.shape()) * bits * TERMS;
        return rest(model) + head(model, inputs) + Math.round(linear * bits / Byte.SIZE + scales);
    }

    /** What a head of fewer bits adds, or saves where the model has a head of its own. */
    private static long head(ModelView model, EstimateInputs inputs) {
        if (inputs.headBits() == 0) {
            return 0;
        }
        long weights = (long) model.shape().vocabularySize() * model.shape().hiddenSize();
        boolean own = model.parameters() - linearWeights(model.family(), model.shape()) >= 2 * weights;
        return weights * inputs.headBits() / Byte.SIZE - (own ? weights * bytesPerWeight(model) : 0);
    }

    private static long bytesPerWeight(ModelView model) {
        return "F32".equals(model.shape().dtype()) ? Float.BYTES : Short.BYTES;
    }

    /** Bytes of everything but the linear layers. */
    private static long rest(ModelView model) {
        return Math.max(0, model.sizeBytes() - linearWeights(model.family(), model.shape()) * bytesPerWeight(model));
    }

    private static long fit(ModelView model, EstimateInputs inputs) {
        ModelShape shape = model.shape();
        long widest = Math.max(shape.intermediateSize(), shape.hiddenSize());
        long rows = inputs.headBits() == 0 ? widest : Math.max(widest, shape.vocabularySize());
        return widest * widest * MOMENTS + shape.hiddenSize() * rows * WEIGHTS + activations(shape, inputs);
    }

    private static long activations(ModelShape shape, EstimateInputs inputs) {
        long widest = Math.max(shape.intermediateSize(), shape.hiddenSize());
        return Math.max(BATCH_TOKENS, inputs.sequenceLength()) * (8L * shape.hiddenSize() + 4 * widest) * Float.BYTES;
    }

    private static long evaluation(ModelView model, EstimateInputs inputs) {
        ModelShape shape = model.shape();
        long cache = 2L * shape.layers() * shape.kvHeads() * shape.headDim() * Float.BYTES;
        return activations(shape, inputs)
                + Math.max(BATCH_TOKENS, inputs.sequenceLength()) * cache
                + Math.max(BATCH_LOGITS, shape.vocabularySize()) * Float.BYTES;
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

    /** Whether the size is known before the job has run. */
    public boolean exact() {
        return leastBytes == mostBytes;
    }

    public boolean makesAModel() {
        return diskBytes > 0;
    }
}

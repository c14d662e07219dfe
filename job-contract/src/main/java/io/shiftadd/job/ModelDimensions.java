package io.shiftadd.job;

import java.util.Set;

/**
 * What a job's needs follow from.
 *
 * @param family as in {@code model_type}
 * @param parameters of the whole model
 * @param sizeBytes of its files
 */
public record ModelDimensions(
        String family,
        int layers,
        int hiddenSize,
        int intermediateSize,
        int heads,
        int kvHeads,
        int headDim,
        int vocabularySize,
        int contextLength,
        long parameters,
        long sizeBytes) {

    private static final Set<String> WITHOUT_GATE = Set.of("opt", "bloom", "gpt2", "gpt_neox", "vit", "deit");

    /** Families whose layers round their inputs, which has no gradient, and those of images, which write no text. */
    private static final Set<String> NOT_TUNED = Set.of("bitnet", "vit", "deit");

    /** Whether all that the model computes has a backward pass. */
    public boolean canBeTuned() {
        return !NOT_TUNED.contains(family);
    }

    private boolean hasGate() {
        return !WITHOUT_GATE.contains(family);
    }

    /** Weights of the linear layers of all decoder blocks. */
    public long linearWeights() {
        long attention = 2L * hiddenSize * headDim * (heads + kvHeads);
        long feedForward = (hasGate() ? 3L : 2L) * hiddenSize * intermediateSize;
        return layers * (attention + feedForward);
    }

    /** Columns of these layers. */
    public long linearColumns() {
        long entering = hasGate() ? 2L * hiddenSize : hiddenSize;
        return layers * (3L * hiddenSize + (long) heads * headDim + entering + intermediateSize);
    }

    int widest() {
        return Math.max(hiddenSize, intermediateSize);
    }

    /** Keys and values of a position in float. */
    long cacheBytes() {
        return 2L * layers * kvHeads * headDim * Float.BYTES;
    }
}

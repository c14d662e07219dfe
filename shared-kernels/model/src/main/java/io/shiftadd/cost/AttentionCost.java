package io.shiftadd.cost;

import io.shiftadd.model.attention.AngularAttention;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.VisionSettings;

/**
 * What attention between the tokens of an image takes, in all blocks. Only models of images have a number of tokens of
 * their own; the attention of language models grows with what is before, and is the same before and after packing.
 * Exponentials, square roots and divisions are not counted.
 */
final class AttentionCost {

    private static final int FLOAT_BYTES = 4;

    /** Tokens, or bits of a code, whose sums share one table. */
    private static final int A_TABLE = 4;

    private static final int ENTRIES = 1 << A_TABLE;

    private AttentionCost() {}

    /** Of one image; nothing for language models. */
    static OperationCounts of(ModelConfig config) {
        return config.vision()
                .map(vision -> (vision.binary() ? angular(config, vision) : softmax(config, vision))
                        .repeated(config.layers(), 1))
                .orElse(OperationCounts.NONE);
    }

    /** Queries by keys, and what comes of it by values. */
    private static OperationCounts softmax(ModelConfig config, VisionSettings vision) {
        double products = 2.0 * vision.tokens() * vision.tokens() * config.heads() * config.headDim();
        return OperationCounts.NONE.with(Operation.FP16_MULTIPLY, products).with(Operation.FP16_ADD, products);
    }

    /**
     * Of each head with codes of d bits: tables of the sums of four tokens' values, of which each bit of a code looks
     * one up; tables of the sums of four bits' rows, of which each token looks d/4 up; for each element of a token half
     * its value, 1/π, the lengths of query, key and result, two thresholds, scaling and the convolution.
     */
    private static OperationCounts angular(ModelConfig config, VisionSettings vision) {
        double tokens = vision.tokens();
        double d = config.headDim();
        double groups = Math.ceil(tokens / A_TABLE);
        double bitGroups = Math.ceil(d / A_TABLE);
        double lookUps = groups * d * d + tokens * bitGroups * d;
        double additions = lookUps + (groups + bitGroups) * ENTRIES * d;
        double elements = tokens * d;
        OperationCounts head = OperationCounts.NONE
                .with(Operation.FP16_ADD, additions + elements * (AngularAttention.TAPS + 4))
                .with(Operation.FP16_MULTIPLY, elements * (AngularAttention.TAPS + 8))
                .with(Operation.LOOK_UP, lookUps * FLOAT_BYTES);
        return head.repeated(config.heads(), 1);
    }
}

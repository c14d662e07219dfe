package io.shiftadd.model.family;

import org.jspecify.annotations.Nullable;

/**
 * How a family names the parts of a model, relative to the model; checkpoints put various prefixes before that.
 *
 * @param embedding of tokens, or of patches
 * @param positions learned positions, or null
 * @param embeddingNorm norm on the embeddings, or null
 * @param projectIn from narrow embeddings to the hidden state, or null
 * @param block before the block's number
 * @param parts of a block
 * @param projectOut from the hidden state to the width of embeddings, or null
 * @param head as the original names it, without a prefix
 */
public record ModelNames(
        String embedding,
        @Nullable String positions,
        @Nullable String embeddingNorm,
        @Nullable String projectIn,
        String block,
        BlockNames parts,
        String finalNorm,
        @Nullable String projectOut,
        String head) {

    /** What a packed head is called in every family, and most originals call theirs. */
    public static final String HEAD = "lm_head";

    /** The head of the class token, where the distillation token has one, too. */
    public static final String CLASS_HEAD = "cls_classifier";

    public static final String DISTILLATION_HEAD = "distillation_classifier";

    /** As LLaMA and its descendants name them. */
    static ModelNames decoder(BlockNames parts) {
        return new ModelNames("embed_tokens", null, null, null, "layers.", parts, "norm", null, HEAD);
    }
}

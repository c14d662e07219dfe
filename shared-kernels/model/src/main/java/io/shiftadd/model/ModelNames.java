package io.shiftadd.model;

import org.jspecify.annotations.Nullable;

/**
 * How a family names the parts of a model outside its blocks, relative to the model; checkpoints put various prefixes
 * before that.
 *
 * @param block before the block's number
 */
record ModelNames(
        String embedding,
        @Nullable String positions,
        @Nullable String embeddingNorm,
        @Nullable String projectIn,
        String block,
        String finalNorm,
        @Nullable String projectOut) {

    static final String HEAD = "lm_head";

    static ModelNames of(Family family) {
        return switch (family) {
            case OPT ->
                new ModelNames(
                        "embed_tokens",
                        "embed_positions",
                        null,
                        "project_in",
                        "layers.",
                        "final_layer_norm",
                        "project_out");
            case BLOOM ->
                new ModelNames("word_embeddings", null, "word_embeddings_layernorm", null, "h.", "ln_f", null);
            case LLAMA, MISTRAL, GEMMA, GEMMA2, QWEN2 ->
                new ModelNames("embed_tokens", null, null, null, "layers.", "norm", null);
        };
    }
}

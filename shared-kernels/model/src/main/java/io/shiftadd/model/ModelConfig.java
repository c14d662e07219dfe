package io.shiftadd.model;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * A model's shape and what its family does differently, read from config.json and validated: the forward pass asks
 * nothing else.
 *
 * @param dtype the type that the weights were saved in as config.json says, or empty when it does not
 * @param embeddingSize length of a token's embedding; differs from {@code hiddenSize} only in OPT-350M
 * @param headDim length of a query, key or value vector of one head
 * @param contextLength positions that the model was made for; a hard limit only where positions are learned
 * @param embeddingScale what a token's embedding is multiplied by
 * @param logitSoftCap c in {@code c·tanh(logit/c)}, or 0 for none
 * @param tiedEmbeddings whether the head is the embedding when the file has no head
 * @param eosTokens any of these ends a text
 */
public record ModelConfig(
        Family family,
        String dtype,
        int vocabularySize,
        int hiddenSize,
        int embeddingSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int intermediateSize,
        int contextLength,
        NormSettings norm,
        BlockSettings block,
        AttentionSettings attention,
        Positions positions,
        Activation activation,
        float embeddingScale,
        float logitSoftCap,
        boolean tiedEmbeddings,
        OptionalInt bosToken,
        List<Integer> eosTokens) {

    public ModelConfig {
        eosTokens = List.copyOf(eosTokens);
    }

    /**
     * @param affine whether there are weights (and, for layer norms, biases)
     * @param unitOffset whether the weight is stored as its difference from 1
     */
    public record NormSettings(Kind kind, float epsilon, boolean affine, boolean unitOffset) {

        /** Root mean square without, layer norm with subtraction of the mean. */
        public enum Kind {
            RMS,
            LAYER
        }
    }

    /**
     * What differs between the families' decoder blocks.
     *
     * @param normFirst norms before attention and feed-forward; otherwise after their residual addition
     * @param normOutputs also norms on the outputs of attention and feed-forward (Gemma-2)
     * @param residualFromNorm the residual is the normed input (an option of BLOOM)
     * @param gated feed-forward {@code down(f(gate x)·up x)}; otherwise {@code down(f(up x))}
     * @param queryKeyValueBias biases of these projections
     * @param outputBias bias of the projection after attention
     * @param feedForwardBias biases of the feed-forward layers
     * @param embeddingNorm a norm on the embeddings (BLOOM)
     * @param finalNorm a norm before the head; absent in OPT with norms last
     */
    public record BlockSettings(
            boolean normFirst,
            boolean normOutputs,
            boolean residualFromNorm,
            boolean gated,
            boolean queryKeyValueBias,
            boolean outputBias,
            boolean feedForwardBias,
            boolean embeddingNorm,
            boolean finalNorm) {}

    /**
     * @param scale what a score is multiplied by
     * @param softCap c in {@code c·tanh(score/c)}, or 0 for none
     * @param windows per block: how many of the last positions a token attends to, its own included; 0 = all
     */
    public record AttentionSettings(float scale, float softCap, List<Integer> windows) {

        public AttentionSettings {
            windows = List.copyOf(windows);
        }
    }

    /**
     * Reads and validates {@code config.json} of a model directory, or what a GGUF file says of itself; missing keys get
     * the defaults that the reference implementation (transformers) has for the family.
     *
     * @param location a directory, or a {@code .gguf} file
     * @throws io.shiftadd.format.FormatException when the file is missing or unreadable, the architecture is not
     *     supported, or a key has a value that cannot be: names the key
     */
    public static ModelConfig read(Path location) {
        return ModelConfigReader.read(location);
    }

    /**
     * As {@link #read(Path)}, from the text of a config.json.
     *
     * @param where names the source in errors
     */
    public static ModelConfig parse(byte[] json, String where) {
        return ModelConfigReader.parse(json, where);
    }

    /** Positions that a token of block {@code layer} attends to, its own included; {@link Integer#MAX_VALUE} = all. */
    public int window(int layer) {
        int window = attention.windows().get(layer);
        return window == 0 ? Integer.MAX_VALUE : window;
    }
}

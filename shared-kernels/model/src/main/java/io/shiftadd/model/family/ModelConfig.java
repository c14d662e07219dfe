package io.shiftadd.model.family;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model's shape and what its family does differently, read from config.json and validated: the forward pass asks
 * nothing else.
 *
 * @param dtype the type that the weights were saved in as config.json says, or empty when it does not
 * @param vocabularySize how many logits there are: tokens that the model knows; of an image model, its classes
 * @param embeddingSize length of what the head sees: of a token's embedding, which differs from {@code hiddenSize} only
 *     in OPT-350M; of an image model, of its pooled tokens
 * @param headDim length of a query, key or value vector of one head
 * @param contextLength positions that the model was made for; a hard limit only where positions are learned; of an
 *     image model, the tokens that every image has
 * @param experts of blocks whose feed-forward is a mixture of experts; empty where none is
 * @param vision what an image model sees; empty of a language model
 * @param embeddingScale what a token's embedding is multiplied by
 * @param residualScale what the output of each half of a block is multiplied by before it is added
 * @param logitScale what logits are multiplied by
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
        Optional<ExpertSettings> experts,
        Optional<VisionSettings> vision,
        Positions positions,
        Activation activation,
        float embeddingScale,
        float residualScale,
        float logitScale,
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
     * What differs between the families' decoder blocks. Which norms there are, their names tell.
     *
     * @param normFirst norms before attention and feed-forward; otherwise after their residual addition
     * @param parallel attention and feed-forward both start from the block's input (GPT-NeoX)
     * @param residualFromNorm the residual is the normed input (an option of BLOOM)
     * @param projections how queries, keys and values are made
     * @param gate how feed-forward is gated
     * @param queryKeyValueBias biases of these projections
     * @param outputBias bias of the projection after attention
     * @param feedForwardBias biases of the feed-forward layers
     * @param queryKeyNorms whether queries and keys are normed before they are rotated
     * @param embeddingNorm a norm on the embeddings (BLOOM)
     * @param finalNorm a norm before the head; absent in OPT with norms last
     * @param transposed weights of linear layers are stored as {@code [inputs, outputs]} (GPT-2)
     * @param roundedInputs inputs of linear layers are rounded to 8 bits of their token's largest (BitNet)
     */
    public record BlockSettings(
            boolean normFirst,
            boolean parallel,
            boolean residualFromNorm,
            Projections projections,
            Gate gate,
            boolean queryKeyValueBias,
            boolean outputBias,
            boolean feedForwardBias,
            QueryKeyNorms queryKeyNorms,
            boolean embeddingNorm,
            boolean finalNorm,
            boolean transposed,
            boolean roundedInputs) {

        /** The layers of queries, keys and values. */
        public enum Projections {
            /** One each. */
            SEPARATE,
            /** One layer: for each head its query, key and value. */
            BY_HEAD,
            /** One layer: all queries, all keys, all values. */
            IN_TURN
        }

        /** The feed-forward layers before the last. */
        public enum Gate {
            /** {@code down(f(up x))}. */
            NONE,
            /** {@code down(f(gate x)·up x)}. */
            SEPARATE,
            /** The same, with one layer for gate and up, the gate's outputs first. */
            FUSED
        }

        /** Norms on queries and keys. */
        public enum QueryKeyNorms {
            NONE,
            /** On each head's vector. */
            EACH_HEAD,
            /** On the vectors of all heads together. */
            ALL_HEADS
        }
    }

    /**
     * @param scale what a score is multiplied by
     * @param softCap c in {@code c·tanh(score/c)}, or 0 for none
     * @param clip most that an element of queries, keys and values may be, either side of 0; 0 for no limit
     * @param windows per block: how many of the last positions a token attends to, its own included; 0 = all
     */
    public record AttentionSettings(float scale, float softCap, float clip, List<Integer> windows) {

        public AttentionSettings {
            windows = List.copyOf(windows);
        }
    }

    /**
     * @param count experts of a block
     * @param perToken of which so many are chosen for a token
     * @param normalised whether the weights of those chosen sum to 1; otherwise those of all do
     * @param width inner width of an expert
     * @param blocks which blocks have experts; the others have one feed-forward of {@link #intermediateSize()}
     */
    public record ExpertSettings(int count, int perToken, boolean normalised, int width, List<Boolean> blocks) {

        public ExpertSettings {
            blocks = List.copyOf(blocks);
        }
    }

    public Modality modality() {
        return vision.isPresent() ? Modality.IMAGE : Modality.TEXT;
    }

    /** Whether a token attends to itself and those before it alone; otherwise to all of its sequence. */
    public boolean causal() {
        return vision.isEmpty();
    }

    /** Whether the feed-forward of a block is a mixture of experts. */
    public boolean hasExperts(int block) {
        return experts.map(settings -> settings.blocks().get(block)).orElse(false);
    }

    /**
     * Reads and validates {@code config.json} of a model directory, or what a GGUF file says of itself; missing keys
     * get the defaults that the reference implementation (transformers) has for the family.
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

    /**
     * By which method the model was reparameterized, as config.json says; empty for an original.
     *
     * @param location as in {@link #read(Path)}
     */
    public static Optional<String> reparameterization(Path location) {
        return ModelConfigReader.reparameterization(location);
    }

    /** Positions that a token of block {@code layer} attends to, its own included; {@link Integer#MAX_VALUE} = all. */
    public int window(int layer) {
        int window = attention.windows().get(layer);
        return window == 0 ? Integer.MAX_VALUE : window;
    }
}

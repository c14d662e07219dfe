package io.shiftadd.model.family;

import io.shiftadd.model.family.ModelConfig.BlockSettings.Gate;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import java.util.List;

/** OPT: learned positions, layer norms first or (350M) last, plain feed-forward. */
final class OptFamily implements FamilyDefinition {

    /** The reference's {@code nn.LayerNorm} is created without an epsilon, hence with PyTorch's own. */
    private static final float EPSILON = 1e-5f;

    /** Fairseq kept the first two rows of the position table for padding. */
    private static final int POSITION_OFFSET = 2;

    @Override
    public List<String> modelTypes() {
        return List.of("opt");
    }

    @Override
    public List<String> classes() {
        return List.of("OPTForCausalLM");
    }

    @Override
    public ModelNames names() {
        return new ModelNames(
                "embed_tokens",
                "embed_positions",
                null,
                "project_in",
                "layers.",
                BlockNames.decoder()
                        .without(BlockPart.GATE)
                        .with(BlockPart.ATTENTION_NORM, "self_attn_layer_norm")
                        .with(BlockPart.OUTPUT, "self_attn.out_proj")
                        .with(BlockPart.FEED_FORWARD_NORM, "final_layer_norm")
                        .with(BlockPart.UP, "fc1")
                        .with(BlockPart.DOWN, "fc2"),
                "final_layer_norm",
                "project_out",
                ModelNames.HEAD);
    }

    @Override
    public FamilySettings read(ConfigKeys keys) {
        FamilySettings s = new FamilySettings();
        s.vocabularySize = keys.integer("vocab_size", 50272, 1, ModelConfigReader.MAX_VOCABULARY);
        s.hiddenSize = keys.integer("hidden_size", 768, 1, ModelConfigReader.MAX_WIDTH);
        s.embeddingSize = keys.optionalInteger("word_embed_proj_dim", 1, ModelConfigReader.MAX_WIDTH)
                .orElse(s.hiddenSize);
        s.layers = keys.integer("num_hidden_layers", 12, 1, ModelConfigReader.MAX_LAYERS);
        s.heads = keys.integer("num_attention_heads", 12, 1, ModelConfigReader.MAX_HEADS);
        s.kvHeads = s.heads;
        s.headDim = Math.max(1, s.hiddenSize / s.heads);
        s.intermediateSize = keys.integer("ffn_dim", 3072, 1, ModelConfigReader.MAX_WIDTH);
        s.contextLength = keys.integer("max_position_embeddings", 2048, 1, ModelConfigReader.MAX_CONTEXT);
        s.normKind = NormSettings.Kind.LAYER;
        s.normEpsilon = EPSILON;
        s.normAffine = keys.flag("layer_norm_elementwise_affine", true);
        s.normFirst = keys.flag("do_layer_norm_before", true);
        s.gate = Gate.NONE;
        s.queryKeyValueBias = keys.flag("enable_bias", true);
        s.outputBias = s.queryKeyValueBias;
        s.feedForwardBias = s.queryKeyValueBias;
        s.finalNorm = s.normFirst && !keys.flag("_remove_final_layer_norm", false);
        s.positions = new Positions.Learned(POSITION_OFFSET);
        s.activation = ModelConfigReader.activation(keys, "activation_function", "relu");
        s.tiedByDefault = true;
        return s;
    }
}

package io.shiftadd.model;

import io.shiftadd.model.ModelConfig.AttentionSettings;
import io.shiftadd.model.ModelConfig.BlockSettings;
import io.shiftadd.model.ModelConfig.NormSettings;
import io.shiftadd.model.ModelConfigReader.FamilySettings;
import java.util.Collections;

/** OPT: learned positions, layer norms first or (350M) last, plain feed-forward. */
final class OptSettings {

    /** The reference's {@code nn.LayerNorm} is created without an epsilon, hence with PyTorch's own. */
    private static final float EPSILON = 1e-5f;

    /** Fairseq kept the first two rows of the position table for padding. */
    private static final int POSITION_OFFSET = 2;

    private OptSettings() {}

    static FamilySettings read(ConfigKeys keys) {
        int hidden = keys.integer("hidden_size", 768, 1, ModelConfigReader.MAX_WIDTH);
        int layers = keys.integer("num_hidden_layers", 12, 1, ModelConfigReader.MAX_LAYERS);
        int heads = keys.integer("num_attention_heads", 12, 1, ModelConfigReader.MAX_HEADS);
        int headDim = Math.max(1, hidden / heads);
        boolean normFirst = keys.flag("do_layer_norm_before", true);
        boolean bias = keys.flag("enable_bias", true);
        boolean affine = keys.flag("layer_norm_elementwise_affine", true);
        boolean finalNorm = normFirst && !keys.flag("_remove_final_layer_norm", false);
        return new FamilySettings(
                keys.integer("vocab_size", 50272, 1, ModelConfigReader.MAX_VOCABULARY),
                "hidden_size",
                hidden,
                keys.optionalInteger("word_embed_proj_dim", 1, ModelConfigReader.MAX_WIDTH)
                        .orElse(hidden),
                layers,
                "num_attention_heads",
                heads,
                heads,
                headDim,
                false,
                keys.integer("ffn_dim", 3072, 1, ModelConfigReader.MAX_WIDTH),
                keys.integer("max_position_embeddings", 2048, 1, ModelConfigReader.MAX_CONTEXT),
                new NormSettings(NormSettings.Kind.LAYER, EPSILON, affine, false),
                new BlockSettings(normFirst, false, false, false, bias, bias, bias, false, finalNorm),
                new AttentionSettings((float) Math.pow(headDim, -0.5), 0, Collections.nCopies(layers, 0)),
                new Positions.Learned(POSITION_OFFSET),
                ModelConfigReader.activation(keys, "activation_function", "relu"),
                1,
                0,
                true);
    }
}

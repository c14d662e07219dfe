package io.shiftadd.model;

import io.shiftadd.model.ModelConfig.AttentionSettings;
import io.shiftadd.model.ModelConfig.BlockSettings;
import io.shiftadd.model.ModelConfig.NormSettings;
import io.shiftadd.model.ModelConfigReader.FamilySettings;
import java.util.Collections;

/** BLOOM: ALiBi, a norm on the embeddings, one projection for queries, keys and values. */
final class BloomSettings {

    /** What BLOOM was trained on; its config.json does not always say, and ALiBi sets no limit. */
    private static final int TRAINED_CONTEXT = 2048;

    private BloomSettings() {}

    static FamilySettings read(ConfigKeys keys) {
        String hiddenKey = keys.spelling("hidden_size", "n_embed");
        String layersKey = keys.spelling("n_layer", "num_hidden_layers");
        String headsKey = keys.spelling("n_head", "num_attention_heads");
        int hidden = keys.integer(hiddenKey, 64, 1, ModelConfigReader.MAX_WIDTH / 4);
        int layers = keys.integer(layersKey, 2, 1, ModelConfigReader.MAX_LAYERS);
        int heads = keys.integer(headsKey, 8, 1, ModelConfigReader.MAX_HEADS);
        int headDim = Math.max(1, hidden / heads);
        float epsilon = (float) keys.positive("layer_norm_epsilon", 1e-5);
        boolean residualFromNorm = keys.flag("apply_residual_connection_post_layernorm", false);
        return new FamilySettings(
                keys.integer("vocab_size", 250880, 1, ModelConfigReader.MAX_VOCABULARY),
                hiddenKey,
                hidden,
                hidden,
                layers,
                headsKey,
                heads,
                heads,
                headDim,
                false,
                4 * hidden,
                keys.optionalInteger("seq_length", 1, ModelConfigReader.MAX_CONTEXT)
                        .orElse(TRAINED_CONTEXT),
                new NormSettings(NormSettings.Kind.LAYER, epsilon, true, false),
                new BlockSettings(true, false, residualFromNorm, false, true, true, true, true, true),
                new AttentionSettings((float) (1.0 / Math.sqrt(headDim)), 0, Collections.nCopies(layers, 0)),
                new Positions.Alibi(),
                Activation.GELU_TANH,
                1,
                0,
                true);
    }
}

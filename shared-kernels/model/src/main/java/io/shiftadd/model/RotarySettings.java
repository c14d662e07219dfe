package io.shiftadd.model;

import io.shiftadd.model.ModelConfig.AttentionSettings;
import io.shiftadd.model.ModelConfig.BlockSettings;
import io.shiftadd.model.ModelConfig.NormSettings;
import io.shiftadd.model.ModelConfigReader.FamilySettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** LLaMA and its descendants Mistral, Gemma, Gemma-2 and Qwen2: rotary positions, RMS norms, gated feed-forward. */
final class RotarySettings {

    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    private RotarySettings() {}

    /** The reference's defaults for a family's missing keys. */
    private record Defaults(
            int vocabulary,
            int hidden,
            int intermediate,
            int layers,
            int heads,
            int kvHeads, // 0: as many as heads
            int headDim, // 0: hidden / heads
            int context,
            boolean tied) {

        static Defaults of(Family family) {
            return switch (family) {
                case MISTRAL -> new Defaults(32000, 4096, 14336, 32, 32, 8, 0, 4096 * 32, false);
                case GEMMA -> new Defaults(256000, 3072, 24576, 28, 16, 16, 256, 8192, true);
                case GEMMA2 -> new Defaults(256000, 2304, 9216, 26, 8, 4, 256, 8192, true);
                case QWEN2 -> new Defaults(151936, 4096, 22016, 32, 32, 32, 0, 32768, false);
                default -> new Defaults(32000, 4096, 11008, 32, 32, 0, 0, 2048, false);
            };
        }
    }

    static FamilySettings read(Family family, ConfigKeys keys) {
        Defaults defaults = Defaults.of(family);
        boolean gemma = family == Family.GEMMA || family == Family.GEMMA2;
        int hidden = keys.integer("hidden_size", defaults.hidden(), 1, ModelConfigReader.MAX_WIDTH);
        int layers = keys.integer("num_hidden_layers", defaults.layers(), 1, ModelConfigReader.MAX_LAYERS);
        int heads = keys.integer("num_attention_heads", defaults.heads(), 1, ModelConfigReader.MAX_HEADS);
        int headDim = headDim(keys, defaults, hidden, heads);
        int context = keys.integer("max_position_embeddings", defaults.context(), 1, ModelConfigReader.MAX_CONTEXT);
        float epsilon = (float) keys.positive("rms_norm_eps", 1e-6);
        return new FamilySettings(
                keys.integer("vocab_size", defaults.vocabulary(), 1, ModelConfigReader.MAX_VOCABULARY),
                "hidden_size",
                hidden,
                hidden,
                layers,
                "num_attention_heads",
                heads,
                kvHeads(keys, defaults, heads),
                headDim,
                freeHeadDim(family, keys, defaults),
                keys.integer("intermediate_size", defaults.intermediate(), 1, ModelConfigReader.MAX_WIDTH),
                context,
                new NormSettings(NormSettings.Kind.RMS, epsilon, true, gemma),
                block(family, keys),
                attention(family, keys, layers, headDim),
                RopeReader.read(keys, context),
                activation(family, keys),
                gemma ? (float) Math.sqrt(hidden) : 1,
                family == Family.GEMMA2 ? softCap(keys, "final_logit_softcapping", 30) : 0,
                defaults.tied());
    }

    private static int headDim(ConfigKeys keys, Defaults defaults, int hidden, int heads) {
        int derived = defaults.headDim() > 0 ? defaults.headDim() : Math.max(1, hidden / heads);
        int headDim =
                keys.optionalInteger("head_dim", 1, ModelConfigReader.MAX_WIDTH).orElse(derived);
        if (headDim % 2 != 0) {
            if (keys.hasValue("head_dim")) {
                throw keys.wrong("head_dim", "even, because positions rotate pairs");
            }
            throw keys.wrong("hidden_size", "an even multiple of num_attention_heads = " + heads);
        }
        return headDim;
    }

    /** The reference checks hidden_size against the heads in LLaMA and Gemma-2 even where head_dim is given. */
    private static boolean freeHeadDim(Family family, ConfigKeys keys, Defaults defaults) {
        boolean checked = family == Family.LLAMA || family == Family.GEMMA2;
        return !checked && (defaults.headDim() > 0 || keys.hasValue("head_dim"));
    }

    private static int kvHeads(ConfigKeys keys, Defaults defaults, int heads) {
        if (!keys.has("num_key_value_heads") && defaults.kvHeads() > 0) {
            return defaults.kvHeads();
        }
        return keys.optionalInteger("num_key_value_heads", 1, ModelConfigReader.MAX_HEADS)
                .orElse(heads);
    }

    private static BlockSettings block(Family family, ConfigKeys keys) {
        boolean configurable = family == Family.LLAMA || family == Family.GEMMA || family == Family.GEMMA2;
        boolean attentionBias = configurable && keys.flag("attention_bias", false);
        boolean feedForwardBias = family == Family.LLAMA && keys.flag("mlp_bias", false);
        if (keys.flag("use_bidirectional_attention", false)) {
            throw keys.wrong("use_bidirectional_attention", "false or null: only causal attention is supported");
        }
        return new BlockSettings(
                true,
                family == Family.GEMMA2,
                false,
                true,
                attentionBias || family == Family.QWEN2,
                attentionBias,
                feedForwardBias,
                false,
                true);
    }

    private static AttentionSettings attention(Family family, ConfigKeys keys, int layers, int headDim) {
        boolean gemma2 = family == Family.GEMMA2;
        double scalar = gemma2 ? keys.positive("query_pre_attn_scalar", 256) : headDim;
        float cap = gemma2 ? softCap(keys, "attn_logit_softcapping", 50) : 0;
        return new AttentionSettings((float) Math.pow(scalar, -0.5), cap, windows(family, keys, layers));
    }

    /** An absent key means the default, null means no cap. */
    private static float softCap(ConfigKeys keys, String key, float otherwise) {
        return keys.has(key) ? (float) keys.optionalPositive(key).orElse(0) : otherwise;
    }

    private static Activation activation(Family family, ConfigKeys keys) {
        if (family == Family.GEMMA2) {
            return ModelConfigReader.activation(keys, "hidden_activation", "gelu_pytorch_tanh");
        }
        if (family == Family.GEMMA) {
            // Gemma's first config.json said gelu where the approximation was meant; the reference reads it so.
            Activation named = ModelConfigReader.activation(keys, "hidden_act", "gelu_pytorch_tanh");
            return named == Activation.GELU ? Activation.GELU_TANH : named;
        }
        return ModelConfigReader.activation(keys, "hidden_act", "silu");
    }

    private static List<Integer> windows(Family family, ConfigKeys keys, int layers) {
        if (family == Family.LLAMA || family == Family.GEMMA) {
            return Collections.nCopies(layers, 0);
        }
        int window = keys.has("sliding_window")
                ? keys.optionalInteger("sliding_window", 1, ModelConfigReader.MAX_CONTEXT)
                        .orElse(0)
                : 4096;
        if (family == Family.MISTRAL) {
            return Collections.nCopies(layers, window);
        }
        if (family == Family.QWEN2 && !keys.flag("use_sliding_window", false)) {
            window = 0;
        }
        return alternating(family, keys, layers, window);
    }

    private static List<Integer> alternating(Family family, ConfigKeys keys, int layers, int window) {
        List<String> types = keys.texts("layer_types").orElse(List.of());
        if (types.isEmpty()) {
            int fullLayers = family == Family.QWEN2 ? keys.integer("max_window_layers", 28, 0, Integer.MAX_VALUE) : 0;
            List<Integer> windows = new ArrayList<>(layers);
            for (int layer = 0; layer < layers; layer++) {
                boolean sliding = family == Family.QWEN2 ? layer >= fullLayers : layer % 2 == 0;
                windows.add(sliding ? window : 0);
            }
            return windows;
        }
        if (types.size() != layers) {
            throw keys.wrong("layer_types", "as long as num_hidden_layers = " + layers);
        }
        return types.stream()
                .map(type -> switch (type) {
                    case SLIDING -> window;
                    case FULL -> 0;
                    default -> throw keys.wrong("layer_types", "a list of " + SLIDING + " and " + FULL);
                })
                .toList();
    }
}

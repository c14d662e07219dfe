package io.shiftadd.model.family;

import io.shiftadd.model.family.Positions.Rotation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** What LLaMA and its descendants have in common: rotary positions, RMS norms, gated feed-forward. */
final class DecoderKeys {

    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    private DecoderKeys() {}

    /**
     * The reference's defaults for a family's missing keys.
     *
     * @param kvHeads 0: as many as heads
     * @param headDim 0: hidden / heads
     */
    record Defaults(
            int vocabulary,
            int hidden,
            int intermediate,
            int layers,
            int heads,
            int kvHeads,
            int headDim,
            int context,
            double epsilon,
            double theta,
            boolean tied) {}

    /** Reads them; rotation is of whole heads and the same in all blocks. */
    static FamilySettings read(ConfigKeys keys, Defaults defaults) {
        FamilySettings s = readWithoutRotation(keys, defaults);
        Rotation rotation = RopeReader.read(keys, s.contextLength, defaults.theta());
        s.positions = Positions.Rotary.everywhere(s.headDim, s.layers, rotation);
        return s;
    }

    /** Reads them for a family that rotates in a way of its own. */
    static FamilySettings readWithoutRotation(ConfigKeys keys, Defaults defaults) {
        FamilySettings s = new FamilySettings();
        s.vocabularySize = keys.integer("vocab_size", defaults.vocabulary(), 1, ModelConfigReader.MAX_VOCABULARY);
        s.hiddenSize = keys.integer("hidden_size", defaults.hidden(), 1, ModelConfigReader.MAX_WIDTH);
        s.layers = keys.integer("num_hidden_layers", defaults.layers(), 1, ModelConfigReader.MAX_LAYERS);
        s.heads = keys.integer("num_attention_heads", defaults.heads(), 1, ModelConfigReader.MAX_HEADS);
        s.kvHeads = kvHeads(keys, defaults, s.heads);
        s.headDim = headDim(keys, defaults, s);
        s.freeHeadDim = defaults.headDim() > 0 || keys.hasValue("head_dim");
        s.intermediateSize = keys.integer("intermediate_size", defaults.intermediate(), 1, ModelConfigReader.MAX_WIDTH);
        s.contextLength = keys.integer("max_position_embeddings", defaults.context(), 1, ModelConfigReader.MAX_CONTEXT);
        s.normEpsilon = (float) keys.positive("rms_norm_eps", defaults.epsilon());
        s.activation = ModelConfigReader.activation(keys, "hidden_act", "silu");
        s.tiedByDefault = defaults.tied();
        return s;
    }

    private static int headDim(ConfigKeys keys, Defaults defaults, FamilySettings s) {
        int derived = defaults.headDim() > 0 ? defaults.headDim() : Math.max(1, s.hiddenSize / s.heads);
        int headDim =
                keys.optionalInteger("head_dim", 1, ModelConfigReader.MAX_WIDTH).orElse(derived);
        if (headDim % 2 != 0) {
            if (keys.hasValue("head_dim")) {
                throw keys.wrong("head_dim", "even, because positions rotate pairs");
            }
            throw keys.wrong("hidden_size", "an even multiple of num_attention_heads = " + s.heads);
        }
        return headDim;
    }

    private static int kvHeads(ConfigKeys keys, Defaults defaults, int heads) {
        if (!keys.has("num_key_value_heads") && defaults.kvHeads() > 0) {
            return defaults.kvHeads();
        }
        return keys.optionalInteger("num_key_value_heads", 1, ModelConfigReader.MAX_HEADS)
                .orElse(heads);
    }

    /** Biases of all attention's layers, where {@code attention_bias} asks for them. */
    static void attentionBias(FamilySettings s, ConfigKeys keys) {
        s.queryKeyValueBias = keys.flag("attention_bias", false);
        s.outputBias = s.queryKeyValueBias;
    }

    /** The reference checks hidden_size against the heads in some families even where head_dim is given. */
    static void requireWholeHeads(FamilySettings s) {
        s.freeHeadDim = false;
    }

    static void requireCausalAttention(ConfigKeys keys) {
        if (keys.flag("use_bidirectional_attention", false)) {
            throw keys.wrong("use_bidirectional_attention", "false or null: only causal attention is supported");
        }
    }

    /** An absent key means the default, null means no cap. */
    static float softCap(ConfigKeys keys, String key, float otherwise) {
        return keys.has(key) ? (float) keys.optionalPositive(key).orElse(0) : otherwise;
    }

    /** The length of sliding windows; 0 for none, which null stands for. */
    static int slidingWindow(ConfigKeys keys, int otherwise) {
        return keys.has("sliding_window")
                ? keys.optionalInteger("sliding_window", 1, ModelConfigReader.MAX_CONTEXT)
                        .orElse(0)
                : otherwise;
    }

    /** Which blocks have a sliding window, as {@code layer_types} lists them; as {@code otherwise} says without it. */
    static List<Boolean> slidingBlocks(ConfigKeys keys, int layers, IntPredicate otherwise) {
        List<String> types = keys.texts("layer_types").orElse(List.of());
        List<Boolean> sliding = new ArrayList<>(layers);
        if (types.isEmpty()) {
            for (int layer = 0; layer < layers; layer++) {
                sliding.add(otherwise.test(layer));
            }
            return sliding;
        }
        if (types.size() != layers) {
            throw keys.wrong("layer_types", "as long as num_hidden_layers = " + layers);
        }
        for (String type : types) {
            if (!type.equals(SLIDING) && !type.equals(FULL)) {
                throw keys.wrong("layer_types", "a list of " + SLIDING + " and " + FULL);
            }
            sliding.add(type.equals(SLIDING));
        }
        return sliding;
    }

    static List<Integer> windows(List<Boolean> sliding, int window) {
        return sliding.stream().map(slides -> slides ? window : 0).toList();
    }
}

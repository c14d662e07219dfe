package io.shiftadd.model.family;

import io.shiftadd.kernel.angular.CodeProducts;
import io.shiftadd.model.family.ModelConfig.BlockSettings.Gate;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import java.util.List;
import java.util.stream.IntStream;

/** What the families of image models have in common: their tensors' names and their keys. */
final class VisionKeys {

    static final String CLASSIFIER = "classifier";

    /** Pixels along a side: more than any model takes, and few enough that an image's values fit an array. */
    private static final int MAX_SIDE = 4096;

    private static final int MAX_LABELS = 1 << 20;

    /** Where config.json names no classes, the reference makes two. */
    private static final int DEFAULT_LABELS = 2;

    private static final String SHIFTADD = "shiftadd";
    private static final String LINEAR = "linear-angular";
    private static final String SOFTMAX = "softmax";
    private static final List<String> EXPERTS = List.of("dense", "shift");

    private static final String PATCHES = "embeddings.patch_embeddings.projection";
    private static final String POSITIONS = "embeddings.position_embeddings";

    private VisionKeys() {}

    /** Up to version 4 of the reference, and of most files that there are. */
    static ModelNames firstNames(String head) {
        BlockNames parts = BlockNames.decoder()
                .without(BlockPart.GATE)
                .with(BlockPart.ATTENTION_NORM, "layernorm_before")
                .with(BlockPart.QUERY, "attention.attention.query")
                .with(BlockPart.KEY, "attention.attention.key")
                .with(BlockPart.VALUE, "attention.attention.value")
                .with(BlockPart.OUTPUT, "attention.output.dense")
                .with(BlockPart.FEED_FORWARD_NORM, "layernorm_after")
                .with(BlockPart.UP, "intermediate.dense")
                .with(BlockPart.DOWN, "output.dense")
                .with(BlockPart.QUERY_THRESHOLD, "attention.attention.query_threshold")
                .with(BlockPart.KEY_THRESHOLD, "attention.attention.key_threshold")
                .with(BlockPart.VALUE_CONVOLUTION, "attention.attention.value_convolution")
                .with(BlockPart.ROUTER, "router")
                .with(BlockPart.SHIFT_UP, "shift_intermediate.dense")
                .with(BlockPart.SHIFT_DOWN, "shift_output.dense");
        return new ModelNames(PATCHES, POSITIONS, null, null, "encoder.layer.", parts, "layernorm", null, head);
    }

    /** From version 5 on. */
    static ModelNames laterNames(String head) {
        BlockNames parts = BlockNames.decoder()
                .without(BlockPart.GATE)
                .with(BlockPart.ATTENTION_NORM, "layernorm_before")
                .with(BlockPart.QUERY, "attention.q_proj")
                .with(BlockPart.KEY, "attention.k_proj")
                .with(BlockPart.VALUE, "attention.v_proj")
                .with(BlockPart.OUTPUT, "attention.o_proj")
                .with(BlockPart.FEED_FORWARD_NORM, "layernorm_after")
                .with(BlockPart.UP, "mlp.fc1")
                .with(BlockPart.DOWN, "mlp.fc2")
                .with(BlockPart.QUERY_THRESHOLD, "attention.query_threshold")
                .with(BlockPart.KEY_THRESHOLD, "attention.key_threshold")
                .with(BlockPart.VALUE_CONVOLUTION, "attention.value_convolution")
                .with(BlockPart.ROUTER, "router")
                .with(BlockPart.SHIFT_UP, "shift_mlp.fc1")
                .with(BlockPart.SHIFT_DOWN, "shift_mlp.fc2");
        return new ModelNames(PATCHES, POSITIONS, null, null, "layers.", parts, "layernorm", null, head);
    }

    static FamilySettings read(ConfigKeys keys, boolean distilled, VisionSettings.Pooling pooling) {
        FamilySettings s = new FamilySettings();
        s.hiddenSize = keys.integer("hidden_size", 768, 1, ModelConfigReader.MAX_WIDTH);
        s.layers = keys.integer("num_hidden_layers", 12, 1, ModelConfigReader.MAX_LAYERS);
        s.heads = keys.integer("num_attention_heads", 12, 1, ModelConfigReader.MAX_HEADS);
        s.kvHeads = s.heads;
        s.freeHeadDim = keys.hasValue("head_dim");
        s.headDim = keys.integer("head_dim", Math.max(1, s.hiddenSize / s.heads), 1, ModelConfigReader.MAX_WIDTH);
        s.intermediateSize = keys.integer("intermediate_size", 3072, 1, ModelConfigReader.MAX_WIDTH);
        s.normKind = NormSettings.Kind.LAYER;
        s.normEpsilon = (float) keys.positive("layer_norm_eps", 1e-12);
        s.gate = Gate.NONE;
        s.queryKeyValueBias = keys.flag("qkv_bias", true);
        s.outputBias = true;
        s.feedForwardBias = true;
        s.activation = ModelConfigReader.activation(keys, "hidden_act", "gelu");
        s.vision = vision(keys, distilled, pooling);
        if (s.vision.binary() && s.headDim > CodeProducts.MAX_BITS) {
            throw keys.wrong("head_dim", "at most " + CodeProducts.MAX_BITS + ", the bits of a code");
        }
        s.vocabularySize = s.vision.labels().size();
        s.embeddingSize = pooling == VisionSettings.Pooling.BOTH_TOKENS ? 2 * s.hiddenSize : s.hiddenSize;
        s.contextLength = s.vision.tokens();
        return s;
    }

    private static VisionSettings vision(ConfigKeys keys, boolean distilled, VisionSettings.Pooling pooling) {
        int[] image = keys.heightAndWidth("image_size", 224, MAX_SIDE);
        int[] patch = keys.heightAndWidth("patch_size", 16, MAX_SIDE);
        if (patch[0] > image[0] || patch[1] > image[1]) {
            throw keys.wrong("patch_size", "at most image_size = " + image[0] + " × " + image[1]);
        }
        int channels = keys.integer("num_channels", 3, 1, 3);
        if (channels == 2) {
            throw keys.wrong("num_channels", "3, or 1 for grey images");
        }
        return new VisionSettings(
                image[0],
                image[1],
                patch[0],
                patch[1],
                channels,
                distilled,
                pooling,
                isBinary(keys),
                hasShiftExperts(keys),
                labels(keys));
    }

    private static boolean isBinary(ConfigKeys keys) {
        ConfigKeys shiftadd = keys.child(SHIFTADD).orElse(null);
        if (shiftadd == null) {
            return false;
        }
        String attention = shiftadd.text("attention").orElse(SOFTMAX);
        if (!attention.equals(LINEAR) && !attention.equals(SOFTMAX)) {
            throw shiftadd.wrong("attention", LINEAR + " or " + SOFTMAX);
        }
        return attention.equals(LINEAR);
    }

    private static boolean hasShiftExperts(ConfigKeys keys) {
        ConfigKeys shiftadd = keys.child(SHIFTADD).orElse(null);
        List<String> experts =
                shiftadd == null ? List.of() : shiftadd.texts("experts").orElse(List.of());
        if (shiftadd != null && !experts.isEmpty() && !experts.equals(EXPERTS)) {
            throw shiftadd.wrong("experts", "dense and shift, in this order");
        }
        return !experts.isEmpty();
    }

    private static List<String> labels(ConfigKeys keys) {
        List<String> names = keys.numbered("id2label", MAX_LABELS);
        if (!names.isEmpty()) {
            return names;
        }
        int count = keys.integer("num_labels", DEFAULT_LABELS, 1, MAX_LABELS);
        return IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
    }
}

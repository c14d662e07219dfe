package io.shiftadd.model.family;

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
                .with(BlockPart.DOWN, "output.dense");
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
                .with(BlockPart.DOWN, "mlp.fc2");
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
        return new VisionSettings(image[0], image[1], patch[0], patch[1], channels, distilled, pooling, labels(keys));
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

package io.shiftadd.model.family;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.SmallFile;
import io.shiftadd.format.gguf.GgufFile;
import io.shiftadd.model.family.ModelConfig.AttentionSettings;
import io.shiftadd.model.family.ModelConfig.BlockSettings;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads config.json: finds the family, leaves its keys to the family's reader, and checks what all have in common. */
final class ModelConfigReader {

    private static final long MAX_BYTES = 4 << 20;

    // Larger than any model that exists, and small enough that no product of two of them exceeds a long.
    static final int MAX_WIDTH = 1 << 20;
    static final int MAX_HEADS = 1 << 14;
    static final int MAX_LAYERS = 1 << 12;
    static final int MAX_VOCABULARY = 1 << 24;
    static final int MAX_CONTEXT = 1 << 28;

    private ModelConfigReader() {}

    static ModelConfig read(Path location) {
        Path file = location.resolve("config.json");
        if (Files.isRegularFile(file)) {
            ModelConfig config = parse(SmallFile.read(file, MAX_BYTES), file.toString());
            Path generation = location.resolve("generation_config.json");
            if (Files.isRegularFile(generation)) {
                UnsupportedKeys.refuseInGeneration(
                        ConfigKeys.parse(SmallFile.read(generation, MAX_BYTES), generation.toString()));
            }
            return config;
        }
        if (isGguf(location)) {
            try (Checkpoint checkpoint = Checkpoint.open(location)) {
                if (checkpoint instanceof GgufFile gguf) {
                    String json = ModelJson.write(gguf.toHuggingFaceConfig());
                    return parse(
                            json.getBytes(StandardCharsets.UTF_8), gguf.path().toString());
                }
            }
        }
        throw missing(file);
    }

    static Optional<String> reparameterization(Path location) {
        Path file = location.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        return ConfigKeys.parse(SmallFile.read(file, MAX_BYTES), file.toString())
                .child("quantization_config")
                .filter(keys -> keys.text("quant_method").orElse("").equals("shiftadd"))
                .map(keys -> keys.text("method").orElse("unknown"));
    }

    private static boolean isGguf(Path location) {
        if (!Files.isDirectory(location)) {
            return location.toString().endsWith(".gguf");
        }
        try (Stream<Path> files = Files.list(location)) {
            return files.anyMatch(file -> file.toString().endsWith(".gguf"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + location, e);
        }
    }

    private static FormatException missing(Path file) {
        return new FormatException(
                "does not exist",
                file.toString(),
                "a model directory has a config.json, or is one GGUF file",
                "Download it from where the weights came from.");
    }

    static ModelConfig parse(byte[] json, String where) {
        ConfigKeys keys = ConfigKeys.parse(json, where);
        Family family = family(keys);
        requireKnownQuantization(family, keys);
        ConfigKeys own = keys.child("text_config")
                .filter(_ -> family.definition().hasTextConfig())
                .orElse(keys);
        UnsupportedKeys.refuse(family, keys);
        if (own != keys) {
            UnsupportedKeys.refuse(family, own);
        }
        return assemble(family, own, keys, family.definition().read(own));
    }

    private static ModelConfig assemble(Family family, ConfigKeys keys, ConfigKeys outer, FamilySettings s) {
        if (!s.freeHeadDim && s.hiddenSize % s.heads != 0) {
            throw keys.wrong(s.hiddenKey, "a multiple of " + s.headsKey + " = " + s.heads);
        }
        if (s.heads % s.kvHeads != 0) {
            throw keys.wrong("num_key_value_heads", "a divisor of " + s.headsKey + " = " + s.heads);
        }
        if ((long) s.heads * s.headDim > MAX_WIDTH) {
            throw keys.wrong("head_dim", "at most " + MAX_WIDTH / s.heads + ", as " + s.headsKey + " = " + s.heads);
        }
        if (s.positions instanceof Positions.Rotary rotary) {
            int pairs = rotary.dimensions() / 2;
            boolean fit =
                    rotary.blocks().stream().flatMap(Optional::stream).allMatch(block -> hasFactors(block, pairs));
            if (!fit) {
                String key = keys.hasValue("rope_scaling") ? "rope_scaling" : "rope_parameters";
                throw keys.wrong(key, "with " + pairs + " short and long factors, one for each pair of elements");
            }
        }
        return new ModelConfig(
                family,
                dtype(keys).isEmpty() ? dtype(outer) : dtype(keys),
                s.vocabularySize,
                s.hiddenSize,
                s.embeddingSize == 0 ? s.hiddenSize : s.embeddingSize,
                s.layers,
                s.heads,
                s.kvHeads,
                s.headDim,
                s.intermediateSize,
                s.contextLength,
                new NormSettings(s.normKind, s.normEpsilon, s.normAffine, s.normUnitOffset),
                block(s),
                new AttentionSettings(s.attentionScale(), s.attentionSoftCap, s.attentionClip, s.windows()),
                Optional.ofNullable(s.experts),
                Optional.ofNullable(s.vision),
                s.positions,
                s.activation,
                s.embeddingScale,
                s.residualScale,
                s.logitScale,
                s.logitSoftCap,
                either(keys, outer, "tie_word_embeddings").flag("tie_word_embeddings", s.tiedByDefault),
                bosToken(either(keys, outer, "bos_token_id")),
                either(keys, outer, "eos_token_id").tokens("eos_token_id"));
    }

    private static boolean hasFactors(Positions.Rotation rotation, int pairs) {
        return !(rotation.scaling() instanceof Positions.RopeScaling.Long scaling)
                || scaling.shortFactors().size() == pairs
                        && scaling.longFactors().size() == pairs;
    }

    private static BlockSettings block(FamilySettings s) {
        return new BlockSettings(
                s.normFirst,
                s.parallel,
                s.residualFromNorm,
                s.projections,
                s.gate,
                s.queryKeyValueBias,
                s.outputBias,
                s.feedForwardBias,
                s.queryKeyNorms,
                s.embeddingNorm,
                s.finalNorm,
                s.transposed,
                s.roundedInputs);
    }

    /** The keys of the whole model where they have this one, those of its text part otherwise. */
    private static ConfigKeys either(ConfigKeys keys, ConfigKeys outer, String key) {
        return outer.hasValue(key) ? outer : keys;
    }

    /** Weights that another method has quantized have tensors of their own, which would only be missed later. */
    private static void requireKnownQuantization(Family family, ConfigKeys keys) {
        keys.child("quantization_config").ifPresent(quantization -> {
            String method = quantization.text("quant_method").orElse("");
            boolean ternary = family.definition().isTernary() && method.equals("bitnet");
            if (ternary
                    && quantization.text("quantization_mode").orElse("offline").equals("online")) {
                throw quantization.wrong("quantization_mode", "offline: weights must be ternary already");
            }
            if (ternary
                    && !quantization.text("linear_class").orElse("bitlinear").equals("autobitlinear")) {
                throw quantization.wrong("linear_class", "autobitlinear, whose scales multiply");
            }
            if (!ternary && !method.equals("shiftadd")) {
                throw quantization.wrong("quant_method", "shiftadd; other quantized checkpoints are not supported");
            }
        });
    }

    private static Family family(ConfigKeys keys) {
        Optional<String> modelType = keys.text("model_type");
        List<String> architectures = keys.texts("architectures").orElse(List.of());
        String supported = "one of "
                + Arrays.stream(Family.values()).map(Family::modelType).collect(Collectors.joining(", "));
        for (String architecture : architectures) {
            if (Family.ofArchitecture(architecture).isEmpty()) {
                throw keys.wrong("architectures", "a causal language model or an image classifier of " + supported);
            }
        }
        Optional<Family> named =
                architectures.isEmpty() ? Optional.empty() : Family.ofArchitecture(architectures.getFirst());
        if (modelType.isEmpty()) {
            return named.orElseThrow(() -> keys.wrong("model_type", supported));
        }
        Family family = Family.ofModelType(modelType.get()).orElseThrow(() -> keys.wrong("model_type", supported));
        if (named.isPresent() && named.get() != family) {
            throw keys.contradiction("model_type", "architectures");
        }
        return family;
    }

    private static String dtype(ConfigKeys keys) {
        String key = keys.spelling("torch_dtype", "dtype");
        String name = keys.text(key).orElse("");
        String bare = name.startsWith("torch.") ? name.substring("torch.".length()) : name;
        return switch (bare.toLowerCase(Locale.ROOT)) {
            case "", "auto" -> "";
            case "float32", "float" -> "float32";
            case "float16", "half" -> "float16";
            case "bfloat16" -> "bfloat16";
            default -> throw keys.wrong(key, "float32, float16 or bfloat16");
        };
    }

    private static OptionalInt bosToken(ConfigKeys keys) {
        List<Integer> tokens = keys.tokens("bos_token_id");
        return tokens.isEmpty() ? OptionalInt.empty() : OptionalInt.of(tokens.getFirst());
    }

    static Activation activation(ConfigKeys keys, String key, String otherwise) {
        String name = keys.text(key).orElse(otherwise);
        return Activation.named(name)
                .orElseThrow(
                        () -> keys.wrong(key, "relu, relu2, silu, gelu, gelu_new, gelu_pytorch_tanh or quick_gelu"));
    }
}

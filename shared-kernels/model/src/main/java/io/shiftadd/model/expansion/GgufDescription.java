package io.shiftadd.model.expansion;

import io.shiftadd.format.FloatTensor;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.gguf.GgufArchitecture;
import io.shiftadd.model.family.GgufFamilies;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import io.shiftadd.model.family.Positions;
import io.shiftadd.model.family.Positions.RopeScaling;
import io.shiftadd.model.family.Positions.Rotation;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a GGUF file says of a model: llama.cpp's keys for what {@link ModelConfig} has. Not every key means the same in
 * all architectures; whether a reader finds the model again in what was written, {@link #requireSame} tells.
 */
public record GgufDescription(GgufArchitecture architecture, Map<String, Object> metadata, List<FloatTensor> tensors) {

    private static final double USUAL_LOCAL_THETA = 10_000;

    /** @throws FormatException when GGUF has no architecture for the family, or no words for its positions */
    public static GgufDescription of(ModelConfig config, String where) {
        GgufArchitecture architecture = config.family()
                .definition()
                .writtenAs()
                .orElseThrow(() -> new FormatException(
                        "is of the family " + config.family().modelType(),
                        where,
                        "GGUF has "
                                + new GgufFamilies()
                                        .all().stream()
                                                .map(GgufArchitecture::name)
                                                .sorted()
                                                .collect(Collectors.joining(", ")),
                        "Export it as safetensors instead."));
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("vocab_size", config.vocabularySize());
        keys.put("context_length", config.contextLength());
        keys.put("embedding_length", config.hiddenSize());
        keys.put("block_count", config.layers());
        keys.put("feed_forward_length", config.intermediateSize());
        keys.put("attention.head_count", config.heads());
        keys.put("attention.head_count_kv", config.kvHeads());
        boolean rms = config.norm().kind() == NormSettings.Kind.RMS;
        keys.put(
                "attention.layer_norm_" + (rms ? "rms_" : "") + "epsilon",
                config.norm().epsilon());
        config.experts().ifPresent(experts -> {
            keys.put("expert_count", experts.count());
            keys.put("expert_used_count", experts.perToken());
            keys.put("expert_feed_forward_length", experts.width());
        });
        config.attention().windows().stream()
                .filter(window -> window > 0)
                .findFirst()
                .ifPresent(window -> keys.put("attention.sliding_window", window));
        putUnless(0, keys, "attn_logit_softcapping", config.attention().softCap());
        putUnless(0, keys, "final_logit_softcapping", config.logitSoftCap());
        putUnless(0, keys, "attention.clamp_kqv", config.attention().clip());
        List<FloatTensor> tensors = List.of();
        if (config.positions() instanceof Positions.Rotary rotary) {
            tensors = rotation(config, rotary, keys, where);
        } else if (config.positions() instanceof Positions.Alibi) {
            keys.put("attention.max_alibi_bias", 8.0f);
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", architecture.name());
        metadata.put("general.type", "model");
        keys.forEach((key, value) -> metadata.put(architecture.name() + "." + key, value));
        return new GgufDescription(architecture, metadata, tensors);
    }

    private static void putUnless(float neutral, Map<String, Object> keys, String key, float value) {
        if (value != neutral) {
            keys.put(key, value);
        }
    }

    private static List<FloatTensor> rotation(
            ModelConfig config, Positions.Rotary rotary, Map<String, Object> keys, String where) {
        keys.put("attention.key_length", config.headDim());
        keys.put("attention.value_length", config.headDim());
        keys.put("rope.dimension_count", rotary.dimensions());
        List<Rotation> all =
                rotary.blocks().stream().flatMap(Optional::stream).distinct().toList();
        // Blocks with a sliding window have the smaller θ, in the one family that has two.
        Rotation main =
                all.stream().max(Comparator.comparingDouble(Rotation::theta)).orElseThrow();
        keys.put("rope.freq_base", (float) main.theta());
        all.stream()
                .filter(other -> !other.equals(main) && other.theta() != USUAL_LOCAL_THETA)
                .findFirst()
                .ifPresent(local -> keys.put("rope.freq_base_swa", (float) local.theta()));
        return switch (main.scaling()) {
            case RopeScaling.None _ -> List.of();
            case RopeScaling.Linear(double factor) -> {
                keys.put("rope.scaling.type", "linear");
                keys.put("rope.scaling.factor", (float) factor);
                yield List.of();
            }
            case RopeScaling.Llama3 llama ->
                List.of(FloatTensor.of("rope_freqs.weight", divisors(llama, main.theta(), rotary.dimensions())));
            default ->
                throw new FormatException(
                        "scales its rotary embeddings in a way of its own (" + main.scaling() + ")",
                        where,
                        "none, linear and LLaMA 3's scaling are written to GGUF",
                        "Export it as safetensors instead.");
        };
    }

    /** What LLaMA 3 divides the frequencies by (transformers, _compute_llama3_parameters; llama.cpp, rope_freqs). */
    private static float[] divisors(RopeScaling.Llama3 scaling, double theta, int dimensions) {
        float[] divisors = new float[dimensions / 2];
        double context = scaling.originalContextLength();
        for (int i = 0; i < divisors.length; i++) {
            double wavelength = 2 * Math.PI * Math.pow(theta, 2.0 * i / dimensions);
            double smooth = (context / wavelength - scaling.lowFrequencyFactor())
                    / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
            double divisor = wavelength < context / scaling.highFrequencyFactor()
                    ? 1
                    : wavelength > context / scaling.lowFrequencyFactor()
                            ? scaling.factor()
                            : 1 / ((1 - smooth) / scaling.factor() + smooth);
            divisors[i] = (float) divisor;
        }
        return divisors;
    }

    /**
     * Reads what was written again.
     *
     * @param model as it was
     * @param file that was written from it
     * @throws FormatException when these are not one model
     */
    public static void requireSame(ModelConfig model, Path file, String where) {
        Map<String, Object> before = computed(model);
        Map<String, Object> after = computed(read(model, file, where));
        before.forEach((what, value) -> {
            if (!Objects.equals(value, after.get(what))) {
                throw new FormatException(
                        "would lose the " + what + " of this " + model.family().modelType() + ": " + value
                                + " would be read as " + after.get(what),
                        where,
                        "GGUF's architecture does not say it",
                        "Export it as safetensors instead.");
            }
        });
    }

    private static ModelConfig read(ModelConfig model, Path file, String where) {
        try {
            return ModelConfig.read(file);
        } catch (FormatException unsaid) {
            throw new FormatException(
                    "is of the family " + model.family().modelType() + " in a form that cannot be said: "
                            + unsaid.getMessage(),
                    where,
                    "GGUF's architecture does not say it",
                    "Export it as safetensors instead.");
        }
    }

    /** All that changes what a model computes. */
    private static Map<String, Object> computed(ModelConfig config) {
        Map<String, Object> computed = new LinkedHashMap<>();
        computed.put("width", List.of(config.hiddenSize(), config.embeddingSize(), config.intermediateSize()));
        computed.put("blocks", config.layers());
        computed.put("heads", List.of(config.heads(), config.kvHeads(), config.headDim()));
        computed.put("vocabulary", config.vocabularySize());
        computed.put("norms", config.norm());
        computed.put("blocks' parts", config.block());
        computed.put("attention", config.attention());
        computed.put("experts", config.experts());
        computed.put("positions", positions(config.positions()));
        computed.put("activation", config.activation());
        computed.put(
                "scales",
                List.of(config.embeddingScale(), config.residualScale(), config.logitScale(), config.logitSoftCap()));
        return computed;
    }

    /** θ and factors to the precision of GGUF's float32. */
    private static Object positions(Positions positions) {
        return positions instanceof Positions.Rotary rotary
                ? List.of(
                        rotary.dimensions(),
                        rotary.blocks().stream()
                                .map(block -> block.map(each -> (float) each.theta() + " " + rounded(each.scaling())))
                                .toList())
                : positions;
    }

    private static String rounded(RopeScaling scaling) {
        return switch (scaling) {
            case RopeScaling.Linear(double factor) -> "linear " + (float) factor;
            case RopeScaling.Llama3 llama ->
                "llama3 %.3f %.3f %.3f %d"
                        .formatted(
                                llama.factor(),
                                llama.lowFrequencyFactor(),
                                llama.highFrequencyFactor(),
                                llama.originalContextLength());
            default -> scaling.toString();
        };
    }
}

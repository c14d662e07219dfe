package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.DType;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.cache.TokenBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every family through a whole job, opened as a published artifact: it computes what its weights say. */
class FamiliesIT {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int TOKENS = 24;
    private static final String ODD_SIZES = "llama-odd-sizes";

    /** Of two ids that have a byte each, after the three special ones; the models have 96. */
    private static final int VOCABULARY = 96;

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static Worker worker;

    @BeforeAll
    static void start() {
        registry = new Registry();
        worker = Worker.start(registry, directory.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() {
        worker.close();
        registry.close();
    }

    /** A tiny random model of the family's layout, with a tokenizer that has a token for each printable character. */
    private static Path model(String layout, String method) throws Exception {
        Path source = Samples.directory("")
                .resolveSibling("shared-kernels/model/src/test/resources/references")
                .resolve(layout);
        Path target = Files.createDirectories(directory.resolve(layout + "-" + method));
        if (layout.equals(ODD_SIZES)) {
            writeOddSizes(target);
        } else {
            for (String file : List.of("config.json", "model.safetensors")) {
                Files.copy(source.resolve(file), target.resolve(file));
            }
        }
        Map<String, Integer> tokens = new LinkedHashMap<>(Map.of("<pad>", 0, "<s>", 1, "</s>", 2));
        for (int id = 3; id < VOCABULARY; id++) {
            tokens.put(Character.toString((char) (' ' + id - 3)), id);
        }
        Map<String, Object> json = Map.of(
                "added_tokens",
                List.of(),
                "decoder",
                Map.of("type", "Sequence", "decoders", List.of(Map.of("type", "Fuse"))),
                "model",
                Map.of("type", "BPE", "vocab", tokens, "merges", List.of()));
        Files.writeString(target.resolve("tokenizer.json"), Registry.JSON.writeValueAsString(json));
        return target;
    }

    /** No number of rows or columns that tiles, bytes or groups of codes divide. */
    private static void writeOddSizes(Path target) throws Exception {
        Files.writeString(target.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "hidden_size": 20,
                 "intermediate_size": 37, "num_attention_heads": 2, "num_key_value_heads": 1, "num_hidden_layers": 2,
                 "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "tie_word_embeddings": true, "vocab_size": 96,
                 "bos_token_id": 1, "eos_token_id": 2}""");
        Random random = new Random(9);
        SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "pt"));
        add(writer, "model.embed_tokens", random, VOCABULARY, 20);
        add(writer, "model.norm", random, 20);
        for (int block = 0; block < 2; block++) {
            String prefix = "model.layers." + block + ".";
            add(writer, prefix + "input_layernorm", random, 20);
            add(writer, prefix + "post_attention_layernorm", random, 20);
            add(writer, prefix + "self_attn.q_proj", random, 20, 20);
            add(writer, prefix + "self_attn.k_proj", random, 10, 20);
            add(writer, prefix + "self_attn.v_proj", random, 10, 20);
            add(writer, prefix + "self_attn.o_proj", random, 20, 20);
            add(writer, prefix + "mlp.gate_proj", random, 37, 20);
            add(writer, prefix + "mlp.up_proj", random, 37, 20);
            add(writer, prefix + "mlp.down_proj", random, 20, 37);
        }
        writer.write(target.resolve("model.safetensors"));
    }

    private static void add(SafetensorsWriter writer, String module, Random random, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = shape.length == 1 ? 1 : (float) (random.nextGaussian() / Math.sqrt(shape[1]));
        }
        writer.add(module + ".weight", DType.F16, shape, values);
    }

    private static Path artifact(String layout, String method, int bits) throws Exception {
        String name = layout + "-" + method;
        UUID model = registry.addModel(name, model(layout, method));
        Map<String, Object> settings = new HashMap<>(Samples.settings(method, bits));
        settings.putAll(Map.of("sequenceLength", 32, "evaluationWindows", 4, "rounds", 3));
        UUID job = registry.job(model).settings(settings).post(name + "-packed");
        registry.awaitSuccess(job, LIMIT);
        return Path.of(registry.resultColumn(job, "location", String.class));
    }

    @ParameterizedTest
    @CsvSource({
        "opt-pre-norm, acc, 3",
        "opt-350m, lat, 2",
        "opt-no-bias, acc, 2",
        "llama-biases, acc, 3",
        "llama-wide-heads, lat, 3",
        "bloom-6-heads, acc, 2",
        "bloom-post-norm-residual, lat, 4",
        "mistral-window, acc, 4",
        "mistral-no-window, lat, 2",
        "gemma-mqa, acc, 2",
        "gemma-mqa, lat, 3",
        "gemma2-parity, acc, 3",
        "gemma2-parity, lat, 2",
        "qwen2, acc, 2",
        "qwen2, lat, 3",
        "qwen3, acc, 3",
        "gemma3, acc, 2",
        "gemma3-multimodal, lat, 3",
        "phi3-long, acc, 2",
        "gpt2, acc, 3",
        "gpt-neox, lat, 2",
        "smollm3, acc, 2",
        "granite, lat, 3",
        "olmo2, acc, 3",
        "bitnet-relu2, acc, 3",
        "qwen3-moe-mixed, acc, 3",
        "mixtral, lat, 2",
        "olmoe-clipped, acc, 2",
        ODD_SIZES + ", acc, 3",
        ODD_SIZES + ", lat, 2"
    })
    void isServedPackedAsItsWeightsSay(String layout, String method, int bits) throws Exception {
        Path artifact = artifact(layout, method, bits);
        int[] ids = new Random(3).ints(TOKENS, 0, VOCABULARY).toArray();
        try (CausalLanguageModel packed = CausalLanguageModel.open(artifact);
                CausalLanguageModel expanded = CausalLanguageModel.open(artifact);
                KernelContext context = KernelContext.create(1)) {
            Map<String, ExpandedLayer> layers = new HashMap<>();
            forEachLayer(expanded, (block, name) -> {
                ExpandedLayer layer = ExpandedLayer.of((PackedLinear) block.linear(name));
                assertThat(layer.packed().bits()).isEqualTo(bits);
                layers.put(name, layer);
            });

            float[] expected = logits(expanded.with(layers), ids, context);
            float[] actual = layersWithinBound(packed, layers, ids, context);

            assertThat(difference(actual, expected)).isLessThan(0.2);
            assertThat(actual).isEqualTo(logits(packed, ids, context));
        }
    }

    private interface LayerVisitor {
        void visit(DecoderBlock block, String name);
    }

    private static void forEachLayer(CausalLanguageModel model, LayerVisitor visitor) {
        for (int i = 0; i < model.blockCount(); i++) {
            DecoderBlock block = model.block(i);
            block.linearNames().forEach(name -> visitor.visit(block, name));
        }
    }

    private static float[] logits(CausalLanguageModel model, int[] ids, KernelContext context) {
        float[] hidden = new float[ids.length * model.config().hiddenSize()];
        model.forward(batch(model, ids), hidden, context);
        float[] logits = new float[ids.length * VOCABULARY];
        model.logits(hidden, ids.length, logits, context);
        return logits;
    }

    private static TokenBatch batch(CausalLanguageModel model, int[] ids) {
        return new TokenBatch(ids, List.of(new TokenBatch.Segment(model.newCache(ids.length), ids.length)));
    }

    /** The logits, with each layer compared on what really goes into it. */
    private static float[] layersWithinBound(
            CausalLanguageModel model, Map<String, ExpandedLayer> layers, int[] ids, KernelContext context) {
        float[] hidden = new float[ids.length * model.config().hiddenSize()];
        TokenBatch batch = batch(model, ids);
        model.embed(batch, hidden);
        Map<String, float[]> inputs = new HashMap<>();
        for (int i = 0; i < model.blockCount(); i++) {
            model.block(i)
                    .forward(
                            hidden,
                            batch,
                            context,
                            (name, x, tokens, width) -> inputs.put(name, Arrays.copyOf(x, tokens * width)));
        }
        assertThat(inputs).containsOnlyKeys(layers.keySet());
        layers.forEach((name, layer) -> assertWithinBound(name, layer, inputs.get(name), context));
        float[] logits = new float[ids.length * VOCABULARY];
        model.logits(hidden, ids.length, logits, context);
        return logits;
    }

    private static void assertWithinBound(String name, ExpandedLayer layer, float[] x, KernelContext context) {
        int outputs = layer.outputs();
        // All of the batch, or those that a router gave an expert.
        int tokens = x.length / layer.inputs();
        float[] expected = new float[tokens * outputs];
        float[] actual = new float[tokens * outputs];
        layer.forward(x, expected, tokens, context);
        layer.packed().forward(x, actual, tokens, context);
        for (int t = 0; t < tokens; t++) {
            double[] bound = layer.bound(Arrays.copyOfRange(x, t * layer.inputs(), (t + 1) * layer.inputs()));
            for (int n = 0; n < outputs; n++) {
                int at = t * outputs + n;
                assertThat(Math.abs(actual[at] - expected[at]))
                        .as("%s, token %d, row %d", name, t, n)
                        .isLessThanOrEqualTo((float) bound[n]);
            }
        }
    }

    /** Norm of the difference relative to the norm of what is expected. */
    private static double difference(float[] actual, float[] expected) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / norm);
    }
}

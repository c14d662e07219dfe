package io.shiftadd.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.ShiftAdd;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.PackedLinearFormat;
import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An artifact of the sample, its head packed, in all the forms that others read. */
class ModelExportTest {

    private static final Path SAMPLES = Path.of("..", "samples");
    private static final Path SAMPLE = SAMPLES.resolve("llama-mini");
    private static final int BITS = 4;

    @TempDir
    private static Path shared;

    private static Path artifact;

    @TempDir
    private Path directory;

    @BeforeAll
    static void makeAnArtifact() throws IOException {
        artifact = Files.createDirectories(shared.resolve("artifact"));
        Set<String> replaced = new TreeSet<>();
        try (CausalLanguageModel model = CausalLanguageModel.open(SAMPLE);
                Checkpoint checkpoint = Checkpoint.open(SAMPLE)) {
            SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "shiftadd"));
            for (int block = 0; block < model.blockCount(); block++) {
                for (String name : model.block(block).linearNames()) {
                    LinearLayer layer = model.block(block).linear(name);
                    PackedLinearFormat.write(
                            name, packed(model.block(block).weights(name), layer.inputs()), DType.F16, writer);
                    replaced.add(name + ".weight");
                }
            }
            int width = model.config().hiddenSize();
            PackedLinearFormat.write(
                    "lm_head",
                    packed(checkpoint.tensor("model.embed_tokens.weight").toFloatArray(), width),
                    DType.F16,
                    writer);
            checkpoint.names().stream()
                    .filter(name -> !replaced.contains(name))
                    .forEach(name -> writer.add(checkpoint.tensor(name)));
            writer.write(artifact.resolve("model.safetensors"));
        }
        for (String file : new String[] {"config.json", "tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(SAMPLE.resolve(file), artifact.resolve(file));
        }
        Files.writeString(
                artifact.resolve("config.json"),
                Files.readString(artifact.resolve("config.json"))
                        .replaceFirst("\\{", "{\"quantization_config\": {\"quant_method\": \"shiftadd\"},"));
        Files.writeString(artifact.resolve("LICENSE"), "Do what is right.");
        Files.writeString(artifact.resolve("README.md"), "Packed.");
    }

    /** Plane after plane, the sign of what is left, and its mean in each column. */
    private static PackedLinear packed(float[] weights, int inputs) {
        int outputs = weights.length / inputs;
        float[] rest = weights.clone();
        byte[] codes = new byte[weights.length];
        float[] alphas = new float[BITS * inputs];
        for (int bit = 0; bit < BITS; bit++) {
            for (int k = 0; k < inputs; k++) {
                double sum = 0;
                for (int n = 0; n < outputs; n++) {
                    sum += Math.abs(rest[n * inputs + k]);
                }
                alphas[bit * inputs + k] = (float) (sum / outputs);
            }
            ApotScales rounded = ApotScales.round(alphas, BITS, 1, inputs, 2);
            for (int i = 0; i < weights.length; i++) {
                boolean plus = rest[i] > 0;
                float alpha = rounded.value(bit, 0, i % inputs);
                rest[i] -= plus ? alpha : -alpha;
                codes[i] |= (byte) (plus ? 1 << bit : 0);
            }
        }
        ApotScales scales = ApotScales.round(alphas, BITS, 1, inputs, 2);
        return PackedLinear.pack(
                new BinaryCoding(outputs, inputs, BITS, new GroupShape(outputs, 1), scales, codes), null, null, null);
    }

    @Test
    void plainSafetensorsAnswerAsTheArtifactDoes() throws IOException {
        Path made = new ModelExport(artifact, "mini").write(ExportFormat.SAFETENSORS, directory.resolve("plain"));
        assertThat(names(made))
                .containsExactlyInAnyOrder(
                        "config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors", "LICENSE");
        JsonNode config = JsonMapper.shared().readTree(made.resolve("config.json"));
        assertThat(config.has("quantization_config")).isFalse();
        assertThat(config.path("tie_word_embeddings").booleanValue()).isFalse();
        assertThat(config.path("dtype").asString()).isEqualTo("float16");
        try (Checkpoint checkpoint = Checkpoint.open(made)) {
            assertThat(checkpoint.names())
                    .contains("lm_head.weight", "model.layers.0.self_attn.q_proj.weight")
                    .noneMatch(name -> name.endsWith(".planes"));
            assertThat(checkpoint.metadata()).containsEntry("format", "pt");
        }
        // what tables of bytes lose of it
        assertClose(made, artifact, 0.06);
    }

    @ParameterizedTest
    @CsvSource({"GGUF_F16, 0.002", "GGUF_Q8_0, 0.03"})
    void aGgufFileAnswersAsThePlainModelDoesInTheSameTokens(ExportFormat format, double limit) throws IOException {
        Path plain = new ModelExport(artifact, "mini").write(ExportFormat.SAFETENSORS, directory.resolve("plain"));
        Path made = new ModelExport(artifact, "mini").write(format, directory.resolve("gguf"));
        assertThat(made).isEqualTo(directory.resolve("gguf").resolve("mini.gguf"));
        assertClose(made, plain, limit);
        try (Tokenizer original = Tokenizer.open(artifact);
                Tokenizer written = Tokenizer.open(made)) {
            assertThat(written.bosId()).isEqualTo(original.bosId());
            assertThat(written.eosIds()).containsAll(original.eosIds());
            assertThat(written.encode("Lily  said: \"Grüße, 中!\"", true))
                    .isEqualTo(original.encode("Lily  said: \"Grüße, 中!\"", true));
        }
    }

    private void assertClose(Path actual, Path expected, double limit) {
        float[] wanted = logits(expected);
        float[] given = logits(actual);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < wanted.length; i++) {
            largest = Math.max(largest, Math.abs(wanted[i]));
            difference = Math.max(difference, Math.abs(given[i] - wanted[i]));
        }
        assertThat(difference / largest).isLessThan(limit);
    }

    /** After each of some tokens. */
    private static float[] logits(Path location) {
        int[] ids = {1, 403, 512, 77, 2048, 9, 300, 1500, 42, 3000, 256, 1024};
        try (CausalLanguageModel model = CausalLanguageModel.open(location);
                KernelContext context = KernelContext.create(2)) {
            float[] hidden = new float[ids.length * model.config().hiddenSize()];
            float[] logits = new float[ids.length * model.config().vocabularySize()];
            model.forward(TokenBatch.of(model.newCache(ids.length), ids), hidden, context);
            model.logits(hidden, ids.length, logits, context);
            return logits;
        }
    }

    @Test
    void anArtifactIsCopiedByteForByte() throws IOException {
        Path made = new ModelExport(artifact, "mini").write(ExportFormat.ARTIFACT, directory.resolve("copy"));
        assertThat(names(made)).isEqualTo(names(artifact));
        for (String name : names(artifact)) {
            assertThat(Files.mismatch(made.resolve(name), artifact.resolve(name)))
                    .as(name)
                    .isEqualTo(-1);
        }
    }

    @Test
    void thePythonLibraryReadsWhatIsWritten() throws IOException, InterruptedException {
        Path python = Path.of("..", "target", "clients", "python", "bin", "python");
        assumeTrue(Files.isExecutable(python), "there is no Python environment of the tests at " + python);
        assumeTrue(run(python, "import gguf") == 0, "its Python has no gguf");
        Path made = new ModelExport(artifact, "mini").write(ExportFormat.GGUF_Q8_0, directory.resolve("gguf"));
        assertThat(run(python, """
                import gguf, sys
                r = gguf.GGUFReader(r'%s')
                t = {x.name: x for x in r.tensors}
                assert r.fields['general.architecture'].contents() == 'llama', r.fields
                q = gguf.dequantize(t['blk.0.attn_q.weight'].data, t['blk.0.attn_q.weight'].tensor_type)
                assert q.shape == (192, 192) and abs(q).max() > 0, q.shape
                assert len(r.fields['tokenizer.ggml.tokens'].data) == 4096
                """.formatted(made))).isZero();
    }

    private static int run(Path python, String script) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(python.toString(), "-c", script).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void whatCannotBeIsRefusedAndLeavesNothing() throws IOException {
        Path target = directory.resolve("made");
        assertThatThrownBy(
                        () -> new ModelExport(SAMPLES.resolve("opt-mini"), "opt").write(ExportFormat.GGUF_F16, target))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("Export it as safetensors");
        assertThat(names(directory)).isEmpty();
        Files.createDirectories(target);
        Files.writeString(target.resolve("mine"), "x");
        assertThatThrownBy(() -> new ModelExport(SAMPLE, "mini").write(ExportFormat.ARTIFACT, target))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("not empty");
        assertThat(names(target)).containsExactly("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--format=onnx", "--format="})
    void anUnknownFormatIsNamedWithThoseThereAre(String format) {
        var line = ShiftAdd.commandLine();
        var err = new StringWriter();
        line.setErr(new PrintWriter(err));
        assertThat(line.execute(
                        "export",
                        SAMPLE.toString(),
                        "--to",
                        directory.resolve("x").toString(),
                        format))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no format", "artifact, safetensors, gguf-f16, gguf-q8_0");
    }

    private static Set<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return new TreeSet<>(
                    files.map(file -> file.getFileName().toString()).toList());
        }
    }
}

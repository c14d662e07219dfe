package io.shiftadd.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.TensorView;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.layers.DenseLinear;
import io.shiftadd.model.layers.TernaryLinear;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The float forward pass against logits and greedy tokens of the reference implementation. */
class ReferenceTest {

    private static final double LIMIT = 1e-4;

    static List<String> layouts() {
        return Layouts.names();
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void reproducesEveryLayout(String layout) {
        Path directory = Layouts.directory(layout);
        assertReproduced(directory, directory.resolve("reference.safetensors"));
    }

    static List<String> ggufLayouts() {
        return Layouts.names().stream()
                .filter(layout -> Files.exists(Layouts.directory(layout).resolve("model.gguf")))
                .toList();
    }

    /** Parameters, names and values all come from the GGUF file. */
    @ParameterizedTest
    @MethodSource("ggufLayouts")
    void reproducesGgufFiles(String layout) {
        Path directory = Layouts.directory(layout);
        assertReproduced(directory.resolve("model.gguf"), directory.resolve("reference.safetensors"));
    }

    @ParameterizedTest
    @MethodSource("ggufLayouts")
    void aGgufFileIsTheCheckpointItWasMadeFrom(String layout) {
        Path directory = Layouts.directory(layout);
        try (Checkpoint original = Checkpoint.open(directory);
                Checkpoint gguf = Checkpoint.open(directory.resolve("model.gguf"))) {
            assertThat(gguf.names())
                    .containsExactlyInAnyOrderElementsOf(original.names().stream()
                            .filter(name -> !name.endsWith(".weight_scale"))
                            .toList());
            for (String name : gguf.names()) {
                if (original.contains(name + "_scale")) {
                    continue; // ternary weights are packed otherwise; the forward pass compares them
                }
                TensorView expected = original.tensor(name);
                TensorView actual = gguf.tensor(name);
                assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
                assertThat(gguf.type(name).dtype()).as(name).isEqualTo(actual.dtype());
                assertThat(gguf.type(name).shape()).as(name).isEqualTo(actual.shape());
                assertThat(actual.toFloatArray()).as(name).containsExactly(expected.toFloatArray(), within(1e-6f));
                if (expected.shape().length == 2) {
                    float[] rows = new float[actual.toFloatArray().length];
                    gguf.rows(name).copyRows(0, (int) actual.shape()[0], rows, 0);
                    assertThat(rows).as(name).isEqualTo(actual.toFloatArray());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt-mini", "llama-mini"})
    void reproducesTheSamples(String sample) {
        Path samples = SharedFiles.repository().resolve("samples");
        assertReproduced(samples.resolve(sample), samples.resolve("references/" + sample + ".safetensors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt-10m", "llama-10m", "bloom-10m", "mistral-10m", "gemma-10m"})
    void reproducesTheTrainedModels(String model) {
        Path reference = SharedFiles.require("references/trained/" + model + ".safetensors");
        assertReproduced(SharedFiles.require("models/" + model), reference);
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt-preln", "llama-gqa", "bloom-pow2", "mistral-window", "gemma-mqa"})
    void reproducesTheVariants(String variant) {
        Path directory = SharedFiles.require("references/variants/" + variant);
        assertReproduced(directory, directory.resolve("reference.safetensors"));
    }

    /** Ternary layers are packed, whose tables round: here their weights are multiplied. */
    private static void computeInFloat(CausalLanguageModel model) {
        for (int i = 0; i < model.blockCount(); i++) {
            DecoderBlock block = model.block(i);
            for (String name : block.linearNames()) {
                if (block.linear(name) instanceof TernaryLinear layer) {
                    long[] shape = {layer.outputs(), layer.inputs()};
                    TensorView weights = TensorView.ofFloats(name, shape, block.weights(name));
                    block.replace(name, new DenseLinear(MatrixRows.of(weights), block.bias(name)));
                }
            }
        }
    }

    private static void assertReproduced(Path directory, Path reference) {
        try (CausalLanguageModel model = CausalLanguageModel.open(directory);
                Checkpoint expected = Checkpoint.open(reference);
                KernelContext context = KernelContext.create(2)) {
            computeInFloat(model);
            Verification.Report report = Verification.run(model, expected, context);
            assertThat(report.maxRelative()).as(report.toString()).isLessThan(LIMIT);
            assertThat(report.greedy())
                    .as(report.toString())
                    .hasValueSatisfying(greedy -> assertThat(greedy.complete()).isTrue());
        }
    }
}

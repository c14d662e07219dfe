package io.shiftadd.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.kernel.KernelContext;
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

    private static void assertReproduced(Path directory, Path reference) {
        try (CausalLanguageModel model = CausalLanguageModel.open(directory);
                Checkpoint expected = Checkpoint.open(reference);
                KernelContext context = KernelContext.create(2)) {
            Verification.Report report = Verification.run(model, expected, context);
            assertThat(report.maxRelative()).as(report.toString()).isLessThan(LIMIT);
            assertThat(report.greedy())
                    .as(report.toString())
                    .hasValueSatisfying(greedy -> assertThat(greedy.complete()).isTrue());
        }
    }
}

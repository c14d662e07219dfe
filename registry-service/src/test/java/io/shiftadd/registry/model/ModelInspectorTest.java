package io.shiftadd.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelInspectorTest {

    private static final Path SAMPLES =
            Path.of("..", "samples").toAbsolutePath().normalize();

    @ParameterizedTest
    @ValueSource(strings = {"llama-mini", "opt-mini"})
    void knowsWhichTensorsAModelIsMadeOf(String sample) {
        ModelInspector.Inspection inspection = new ModelInspector().inspect(SAMPLES.resolve(sample));
        assertThat(inspection.model().kind()).isEqualTo(ModelKind.ORIGINAL);
        assertThat(inspection.used()).hasSizeGreaterThan(50);
    }

    /**
     * The registry computes nothing: it has the module of vectors, which the model's classes name, and no native
     * algebra.
     */
    @Test
    void opensModelsInAProcessWithASmallHeap() throws IOException, InterruptedException {
        String classPath = System.getProperty("java.class.path");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        Opening.class.getName(),
                        SAMPLES.resolve("llama-mini").toString(),
                        SAMPLES.resolve("opt-mini").toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    /** What that process does. */
    static final class Opening {

        private Opening() {}

        public static void main(String[] paths) {
            for (String path : paths) {
                new ModelInspector().inspect(Path.of(path));
            }
        }
    }
}

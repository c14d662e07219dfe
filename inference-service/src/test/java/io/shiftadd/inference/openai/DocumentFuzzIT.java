package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.inference.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schemathesis makes requests of the OpenAPI document, right and wrong ones: none may be the server's fault. */
class DocumentFuzzIT {

    private static final Path SCHEMATHESIS = Path.of("..", "target", "clients", "python", "bin", "schemathesis")
            .toAbsolutePath()
            .normalize();

    @Test
    void noRequestOfTheDocumentIsTheServersFault(@TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(SCHEMATHESIS), "schemathesis is not installed; .ci/run does it");
        Path output = directory.resolve("output.txt");
        try (Service service = new Service("logging.level.root=error")) {
            Process process = new ProcessBuilder(
                            SCHEMATHESIS.toString(),
                            "run",
                            service.url() + "/v3/api-docs",
                            "--checks=not_a_server_error",
                            "--phases=coverage,fuzzing",
                            "--max-time=30",
                            "--seed=1",
                            "--workers=1",
                            "--request-timeout=20",
                            "--suppress-health-check=all",
                            "--no-color")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            process.destroyForcibly();
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended).as(said).isTrue();
            assertThat(said).doesNotContain("Server error").containsPattern("[1-9][0-9]{2,} generated");
        }
    }
}

package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.cli.stack.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Schemathesis makes requests of the documents that registry and inference-service have of themselves: nothing that it
 * sends is a server's error, or answered with a status that is not documented.
 */
class SchemathesisIT {

    @TempDir
    static Path directory;

    @BeforeAll
    static void start() {
        Platform platform = Platform.get();
        new Registry(platform).importSample("llama-mini");
        // The documents are made when they are asked for first, which takes longer than the program waits.
        for (Service service : List.of(Service.REGISTRY, Service.INFERENCE)) {
            assertThat(new Http(platform.url(service)).get("/v3/api-docs").status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Service.class,
            names = {"REGISTRY", "INFERENCE"})
    void everyAnswerIsDocumentedAndNoneIsAServersError(Service service) throws IOException, InterruptedException {
        Path python = ClientPrograms.python("python", "schemathesis");
        Path program = python.resolveSibling("schemathesis");
        assumeTrue(Files.isExecutable(program), "there is no " + program);
        ClientPrograms.run(
                directory,
                Map.of(),
                program.toString(),
                "run",
                Platform.get().url(service) + "/v3/api-docs",
                "--checks",
                "not_a_server_error,status_code_conformance",
                "--phases",
                "examples,fuzzing",
                "--max-examples",
                "6",
                "--workers",
                "1",
                "--seed",
                "32",
                "--request-timeout",
                "20",
                "--suppress-health-check",
                "all",
                "--warnings",
                "off",
                "--no-shrink",
                "--continue-on-failure");
    }
}

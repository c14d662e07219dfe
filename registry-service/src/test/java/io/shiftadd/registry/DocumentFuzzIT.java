package io.shiftadd.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.postgres.EphemeralPostgres;
import io.shiftadd.postgres.PostgresAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Schemathesis makes requests of the OpenAPI document, right and wrong ones: none may be the service's fault. Has a
 * database of its own, because some of the requests are right.
 */
@DirtiesContext
class DocumentFuzzIT extends RegistryIT {

    private static final Path SCHEMATHESIS = Path.of("..", "target", "clients", "python", "bin", "schemathesis")
            .toAbsolutePath()
            .normalize();

    private static final PostgresAccess DATABASE = EphemeralPostgres.newDatabase();

    @DynamicPropertySource
    static void ownDatabase(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", DATABASE::jdbcUrl);
        registry.add("spring.datasource.username", DATABASE::username);
        registry.add("spring.datasource.password", DATABASE::password);
    }

    @Test
    void noRequestOfTheDocumentIsTheServicesFault(@TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(SCHEMATHESIS), "schemathesis is not installed; .ci/run does it");
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(
                        SCHEMATHESIS.toString(),
                        "run",
                        api().base() + "/v3/api-docs",
                        "--checks=not_a_server_error",
                        "--phases=coverage,fuzzing",
                        "--max-time=30",
                        "--seed=1",
                        "--workers=1",
                        "--request-timeout=20",
                        "--suppress-health-check=all",
                        // streams that stay open
                        "--exclude-path-regex=/events$",
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

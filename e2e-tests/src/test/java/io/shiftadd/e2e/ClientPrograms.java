package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.cli.stack.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Clients in other languages, which {@code .ci/run} installs into {@code target/clients}, run against the platform. */
final class ClientPrograms {

    static final Path INSTALLED =
            Path.of("..", "target", "clients").toAbsolutePath().normalize();
    static final Path SCRIPTS = Path.of("src", "test", "clients").toAbsolutePath();

    private static final long PATIENCE = 180;

    private ClientPrograms() {}

    /** The interpreter of one environment; skips the test where its package is not installed. */
    static Path python(String environment, String packageName) throws IOException {
        Path directory = INSTALLED.resolve(environment);
        Path python = directory.resolve("bin/python");
        assumeTrue(Files.isExecutable(python), "there is no Python at " + python + "; .ci/run installs it");
        try (var libraries = Files.newDirectoryStream(directory.resolve("lib"), "python*")) {
            for (Path library : libraries) {
                assumeTrue(
                        Files.isDirectory(library.resolve("site-packages").resolve(packageName)),
                        "there is no " + packageName + " for " + python + "; .ci/run installs it");
            }
        }
        return python;
    }

    /** Runs a program that prints what is wrong, and ends with 0 when nothing is; returns what it said. */
    static String run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("client", ".txt");
        ProcessBuilder builder = new ProcessBuilder(List.of(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("BASE_URL", Platform.get().url(Service.INFERENCE) + "/v1");
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(PATIENCE, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        assertThat(ended).as("ends within " + PATIENCE + " s:\n" + said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}

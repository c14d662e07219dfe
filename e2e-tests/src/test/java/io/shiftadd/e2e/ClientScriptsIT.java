package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.cli.stack.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Programs with OpenAI's clients for Python and Node and Anthropic's for Python against the running platform. The
 * clients are installed by {@code .ci/run} into {@code target/clients}; where they are not, these tests are skipped.
 */
class ClientScriptsIT {

    private static final Path CLIENTS =
            Path.of("..", "target", "clients").toAbsolutePath().normalize();
    private static final Path SCRIPTS = Path.of("src", "test", "clients").toAbsolutePath();
    private static final long PATIENCE = 180;

    @BeforeAll
    static void start() {
        assumeTrue(Files.isDirectory(CLIENTS), "no clients are installed in " + CLIENTS + "; .ci/run installs them");
        new Registry(Platform.get()).importSample("llama-mini");
    }

    /** Runs a script that prints what is wrong, and ends with 0 when nothing is. */
    private static void run(Path directory, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("client", ".txt");
        ProcessBuilder builder = new ProcessBuilder(List.of(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("BASE_URL", Platform.get().url(Service.INFERENCE) + "/v1");
        Process process = builder.start();
        boolean ended = process.waitFor(PATIENCE, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        assertThat(ended).as("ends within " + PATIENCE + " s:\n" + said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    @Test
    void openAiForPythonIsServed() throws IOException, InterruptedException {
        Path python = CLIENTS.resolve("python/bin/python");
        assumeTrue(Files.isExecutable(python), "there is no Python with the client openai at " + python);
        run(SCRIPTS, python.toString(), SCRIPTS.resolve("openai_python.py").toString());
    }

    @Test
    void anthropicForPythonIsServed() throws IOException, InterruptedException {
        Path python = CLIENTS.resolve("python/bin/python");
        assumeTrue(Files.isExecutable(python), "there is no Python at " + python);
        assumeTrue(hasAnthropic(), "there is no client anthropic for " + python);
        run(SCRIPTS, python.toString(), SCRIPTS.resolve("anthropic_python.py").toString());
    }

    private static boolean hasAnthropic() throws IOException {
        try (Stream<Path> files = Files.walk(CLIENTS.resolve("python/lib"), 3)) {
            return files.anyMatch(file -> file.endsWith("site-packages/anthropic"));
        }
    }

    @Test
    void openAiForNodeIsServed() throws IOException, InterruptedException {
        Path node = CLIENTS.resolve("node");
        assumeTrue(Files.isDirectory(node.resolve("node_modules/openai")), "there is no client openai in " + node);
        run(node, "node", SCRIPTS.resolve("openai_node.mjs").toString());
    }
}

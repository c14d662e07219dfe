package io.shiftadd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class VerifyCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int verify(String model, String reference) {
        Path samples = samples();
        return new CommandLine(new ShiftAdd())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(
                        "verify",
                        samples.resolve(model).toString(),
                        samples.resolve("references").resolve(reference).toString());
    }

    private static Path samples() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.isDirectory(directory.resolve("samples/llama-mini"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("not run inside the checkout");
        }
        return directory.resolve("samples");
    }

    @Test
    void succeedsOnTheModelThatTheReferenceBelongsTo() {
        assertThat(verify("llama-mini", "llama-mini.safetensors"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("greedy: all 40 tokens reproduced").contains(": ok");
    }

    @Test
    void failsOnTheReferenceOfAnotherModel() {
        assertThat(verify("opt-mini", "llama-mini.safetensors"))
                .as(err.toString())
                .isEqualTo(1);
        assertThat(out.toString()).contains("FAILED");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(verify("no-such-model", "llama-mini.safetensors")).isEqualTo(2);
        assertThat(err.toString()).contains("config.json").contains("does not exist");
    }
}

package io.shiftadd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ShiftAddTest {

    private record Ended(int status, String err) {}

    private static Ended run(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = ShiftAdd.commandLine().setErr(new PrintWriter(err));
        return new Ended(line.execute(arguments), err.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench accuracy --models /nowhere/at/all",
                "bench accuracy --shared /nowhere/at/all",
                "bench accuracy --models ../samples/llama-mini --calibration /nowhere/at/all",
                "bench accuracy --models ../samples/llama-mini --calibration ../README.md --evaluation /nowhere/at/all",
                "verify /nowhere/at/all reference.safetensors",
                "verify ../samples/llama-mini /nowhere/at/all",
                "export /nowhere/at/all --to /nowhere/else"
            })
    void whatIsNotThereIsNamedInASentence(String command) {
        Ended ended = run(command.split(" "));
        assertThat(ended.status()).isNotZero();
        assertThat(ended.err()).contains("/nowhere/at/all").doesNotContain("\tat ", "Exception");
    }

    @Test
    void aDirectoryThatIsNoModelIsNamedToo(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("config.json"), "{");
        Ended ended = run("bench", "accuracy", "--models", directory.toString());
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains(directory.toString()).doesNotContain("\tat ");
    }
}

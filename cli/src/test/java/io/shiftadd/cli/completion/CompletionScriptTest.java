package io.shiftadd.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shiftadd.cli.ShiftAdd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the script in the shell that it is for; a program of two models answers it. */
class CompletionScriptTest {

    private static final String MODELS =
            "#!/bin/sh\n[ \"$1 $2\" = 'list --names' ] && printf 'llama-mini\\nopt-mini\\n'\n";

    @TempDir
    private Path folder;

    private final CompletionScript script =
            new CompletionScript(ShiftAdd.commandLine().getCommandSpec());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            shiftadd ru                   | run
            shiftadd qua                  | quantize
            shiftadd run l                | llama-mini
            shiftadd rm o                 | opt-mini
            shiftadd quantize opt-mini --bi | --bits
            shiftadd eval opt-mini --baseline ll | llama-mini
            shiftadd jobs fo              | follow
            shiftadd completion z         | zsh
            """)
    void bashCompletesCommandsOptionsAndModels(String line, String expected) throws Exception {
        List<String> words = List.of(line.split(" "));
        String program = program().toString();
        assertThat(run("bash", """
                %s
                COMP_WORDS=(%s)
                COMP_CWORD=%d
                _shiftadd
                printf '%%s\\n' "${COMPREPLY[@]}"
                """.formatted(
                                script.text(false), line.replaceFirst("^shiftadd", program), words.size() - 1)))
                .containsExactly(expected);
    }

    @Test
    void zshLoadsIt() throws Exception {
        assertThat(run("zsh", script.text(true) + "\nwhence -w _shiftadd\n")).containsExactly("_shiftadd: function");
    }

    private Path program() throws IOException {
        Path program = folder.resolve("shiftadd");
        if (!Files.exists(program)) {
            Files.writeString(program, MODELS);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        return program;
    }

    private List<String> run(String shell, String text) throws IOException, InterruptedException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, shell))),
                "there is no " + shell);
        Path file = Files.writeString(folder.resolve("script"), text);
        Process process = new ProcessBuilder(shell, file.toString())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out.lines().toList();
    }
}

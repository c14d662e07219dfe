package io.shiftadd.inference.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every input that fuzzing began with, or has found, is still read or refused. */
@Timeout(60)
class CorpusTest {

    private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz");

    @ParameterizedTest
    @EnumSource
    void everyInputOfTheCorpusIsReadOrRefused(FuzzTarget target) throws IOException {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(CORPUS.resolve(target.name()))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).isNotEmpty();
        for (Path input : inputs) {
            byte[] bytes = Files.readAllBytes(input);
            assertThatCode(() -> target.read(bytes)).as(input.toString()).doesNotThrowAnyException();
            // Cut short anywhere, it is no better.
            for (int length = 0; length < bytes.length; length += Math.max(1, bytes.length / 40)) {
                byte[] cut = java.util.Arrays.copyOf(bytes, length);
                assertThatCode(() -> target.read(cut))
                        .as("%s, %d bytes", input, length)
                        .doesNotThrowAnyException();
            }
        }
    }
}

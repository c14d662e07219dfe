package io.shiftadd.kernel.loops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code mvn -pl shared-kernels/kernels -Dtest=LoopFilesTest -Dloops.write=true test} writes them anew. */
class LoopFilesTest {

    private static final Path SOURCES = Path.of("src/main/java/io/shiftadd/kernel/loops");

    static Stream<LoopWriter.Source> sources() {
        return LoopWriter.all().stream();
    }

    @ParameterizedTest
    @MethodSource("sources")
    void loopsAreWhatTheirGeneratorWrites(LoopWriter.Source source) throws IOException {
        Path file = SOURCES.resolve(source.name() + ".java");
        if (Boolean.getBoolean("loops.write")) {
            Files.writeString(file, source.text());
        }
        assertThat(file).content().isEqualTo(source.text());
    }
}

package io.shiftadd.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllowedRootsTest {

    @TempDir
    private Path directory;

    private Path root;
    private AllowedRoots roots;

    @BeforeEach
    void makeRoot() throws IOException {
        directory = directory.toRealPath();
        root = Files.createDirectory(directory.resolve("root"));
        Files.createDirectory(root.resolve("model"));
        Files.createDirectory(directory.resolve("outside"));
        Files.createDirectory(directory.resolve("root-with-a-longer-name"));
        roots = new AllowedRoots(List.of(root, directory.resolve("absent")));
    }

    @Test
    void findsRelativeAndAbsolutePaths() {
        assertThat(roots.resolve("model")).isEqualTo(root.resolve("model"));
        assertThat(roots.resolve(root.resolve("model").toString())).isEqualTo(root.resolve("model"));
        assertThat(roots.resolve("model/../model")).isEqualTo(root.resolve("model"));
    }

    @Test
    void refusesWhatLiesOutside() {
        assertThat(roots.resolve("../outside")).isNull();
        assertThat(roots.resolve(directory.resolve("outside").toString())).isNull();
        assertThat(roots.resolve(directory.resolve("root-with-a-longer-name").toString()))
                .isNull();
        assertThat(roots.resolve("absent")).isNull();
        assertThat(roots.resolve("a\0b")).isNull();
    }

    @Test
    void followsLinksBeforeItJudges() throws IOException {
        Files.createSymbolicLink(root.resolve("out"), directory.resolve("outside"));
        Files.createSymbolicLink(root.resolve("in"), root.resolve("model"));
        Files.createSymbolicLink(directory.resolve("outside").resolve("back"), root.resolve("model"));
        assertThat(roots.resolve("out")).isNull();
        assertThat(roots.resolve("in")).isEqualTo(root.resolve("model"));
        assertThat(roots.resolve(directory.resolve("outside/back").toString())).isEqualTo(root.resolve("model"));
    }

    @Test
    void findsInARootThatWasMadeLater() throws IOException {
        Files.createDirectories(directory.resolve("absent/late"));
        assertThat(roots.resolve("late")).isEqualTo(directory.resolve("absent/late"));
    }
}

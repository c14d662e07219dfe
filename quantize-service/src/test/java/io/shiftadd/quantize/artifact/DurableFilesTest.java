package io.shiftadd.quantize.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {

    @TempDir
    private Path directory;

    @Test
    void replacesAFileAsAWhole() throws IOException {
        Path target = directory.resolve("file");
        Files.writeString(target, "old");
        DurableFiles.write(target, "1", temporary -> {
            Files.writeString(temporary, "new");
            assertThat(target).hasContent("old");
            assertThat(DurableFiles.isTemporary(temporary)).isTrue();
        });
        assertThat(target).hasContent("new");
        assertThat(DurableFiles.filesUnder(directory)).containsExactly(target);
    }

    @Test
    void leavesTheOldFileWhenWritingFails() throws IOException {
        Path target = directory.resolve("file");
        Files.writeString(target, "old");
        assertThatThrownBy(() -> DurableFiles.write(target, "1", temporary -> {
                    Files.writeString(temporary, "half");
                    throw new IOException("No space left on device");
                }))
                .hasMessage("No space left on device");
        assertThat(target).hasContent("old");
        assertThat(DurableFiles.filesUnder(directory)).containsExactly(target);
    }

    @Test
    void twoOwnersDoNotShareATemporaryFile() throws IOException {
        Path target = directory.resolve("file");
        DurableFiles.write(target, "1", outer -> {
            Files.writeString(outer, "zombie");
            DurableFiles.write(target, "2", inner -> Files.writeString(inner, "heir"));
        });
        assertThat(target).hasContent("zombie");
    }

    @Test
    void deletesATreeAndDoesNotMindItsAbsence() throws IOException {
        Files.createDirectories(directory.resolve("a/b"));
        Files.writeString(directory.resolve("a/b/c"), "");
        DurableFiles.deleteTree(directory.resolve("a"));
        DurableFiles.deleteTree(directory.resolve("a"));
        assertThat(directory.resolve("a")).doesNotExist();
    }
}

package io.shiftadd.motion.mujoco;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.motion.Libraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {

    @Test
    void saysWhatToInstallWhenTheLibraryIsAbsent() {
        LibraryState.Missing missing = (LibraryState.Missing) LibrarySearch.find("/nowhere/libmujoco.so");
        assertThat(missing.reason()).contains("/nowhere/libmujoco.so", "cannot be loaded");
        assertThat(missing.remedy()).contains("apt-get install libmujoco2.2.2", LibrarySearch.VARIABLE);
    }

    @Test
    void refusesWhatIsNoLibrary(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("libmujoco.so"), "no library");
        assertThat(LibrarySearch.find(file.toString())).isInstanceOf(LibraryState.Missing.class);
    }

    @Test
    void refusesAnotherLibraryByName() {
        assertThat(LibrarySearch.find("libc.so.6"))
                .isInstanceOfSatisfying(
                        LibraryState.Missing.class,
                        missing -> assertThat(missing.reason()).contains("libc.so.6"));
    }

    @Test
    void refusesAnUnknownVersionByNumber() {
        assertThat(Offsets.of(Offsets.KNOWN.getFirst() + 1)).isEmpty();
    }

    @Test
    void loadedLibrariesAreOfKnownVersions() {
        for (Mujoco mujoco : Libraries.all()) {
            assertThat(Offsets.KNOWN.stream().map(Offsets::shown)).contains(mujoco.version());
        }
    }
}

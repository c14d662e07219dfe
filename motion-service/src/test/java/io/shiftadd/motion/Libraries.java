package io.shiftadd.motion;

import io.shiftadd.motion.mujoco.LibrarySearch;
import io.shiftadd.motion.mujoco.LibraryState;
import io.shiftadd.motion.mujoco.Mujoco;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The libraries that are there: the system's, and the one that Python's package brings to the clients' environment. */
public final class Libraries {

    private static final Path PYTHON = Path.of("..", "target", "clients", "python", "lib");

    private Libraries() {}

    /** Every one of them; the test is skipped, with the reason, when there is none. */
    public static List<Mujoco> all() {
        List<Mujoco> found = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        for (String setting : settings()) {
            switch (LibrarySearch.find(setting)) {
                case LibraryState.Ready ready -> found.add(ready.library());
                case LibraryState.Missing missing -> reasons.add(missing.reason());
            }
        }
        Assumptions.assumeFalse(found.isEmpty(), () -> String.join("; ", reasons));
        return found;
    }

    public static Mujoco any() {
        return all().getFirst();
    }

    private static List<String> settings() {
        List<String> settings = new ArrayList<>(List.of("libmujoco.so.2.2.2"));
        String set = System.getenv(LibrarySearch.VARIABLE);
        if (set != null) {
            settings.add(set);
        }
        packages().stream()
                .map(directory -> directory.resolve("libmujoco.so.4.0.0"))
                .filter(Files::exists)
                .map(Path::toString)
                .forEach(settings::add);
        return settings;
    }

    /** Directories of Python's package, which has the headers, too. */
    public static List<Path> packages() {
        if (!Files.isDirectory(PYTHON)) {
            return List.of();
        }
        try (Stream<Path> versions = Files.list(PYTHON)) {
            return versions.map(version -> version.resolve("site-packages").resolve("mujoco"))
                    .filter(Files::isDirectory)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

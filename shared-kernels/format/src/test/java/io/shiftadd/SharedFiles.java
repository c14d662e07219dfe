package io.shiftadd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The reference files beside the checkout; tests that need them are skipped where they are absent. */
public final class SharedFiles {

    private SharedFiles() {}

    /** The file or directory {@code relative} of the reference files; skips the test when it is absent. */
    public static Path require(String relative) {
        Path path = root().resolve(relative);
        assumeTrue(Files.exists(path), path + " is absent");
        return path;
    }

    private static Path root() {
        String configured = System.getProperty("SHIFTADD_SHARED", System.getenv("SHIFTADD_SHARED"));
        return configured != null
                ? Path.of(configured)
                : repository().resolve("../shared").normalize();
    }

    /** The checkout, in whichever of its modules the tests run. */
    public static Path repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("shiftadd"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("not run inside the checkout");
        }
        return directory;
    }
}

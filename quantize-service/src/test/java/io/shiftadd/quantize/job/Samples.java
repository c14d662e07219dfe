package io.shiftadd.quantize.job;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The sample models of the project, and settings with which a job on them takes seconds. */
public final class Samples {

    private Samples() {}

    public static Path directory(String name) {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve("samples"))) {
            root = root.getParent();
            if (root == null) {
                throw new IllegalStateException(
                        "no folder 'samples' above " + Path.of("").toAbsolutePath());
            }
        }
        return root.resolve("samples").resolve(name);
    }

    /** A copy that may be damaged. */
    static Path copy(String name, Path target) throws IOException {
        Files.createDirectories(target);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory(name))) {
            for (Path file : files) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        return target;
    }

    static Map<String, Object> settings(String method, int bits) {
        return Map.of(
                "method", method,
                "bits", bits,
                "samples", 8,
                "sequenceLength", 64,
                "evaluationWindows", 8,
                "seed", 1,
                "rounds", 5,
                "terms", 3,
                "activationOrder", true);
    }
}

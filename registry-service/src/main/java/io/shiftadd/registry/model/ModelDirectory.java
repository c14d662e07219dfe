package io.shiftadd.registry.model;

import io.shiftadd.registry.problem.FieldError;
import io.shiftadd.registry.problem.ProblemException;
import io.shiftadd.registry.problem.ProblemType;
import io.shiftadd.registry.storage.AllowedRoots;
import io.shiftadd.registry.storage.FileDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a model on disk, each with its SHA-256: those that the platform reads, nothing else that may lie beside
 * them.
 *
 * @param location the directory, or the GGUF file
 * @param files sorted by path
 */
record ModelDirectory(Path location, List<ModelFile> files) {

    private static final Pattern READ = Pattern.compile("(config|generation_config|tokenizer|tokenizer_config"
            + "|special_tokens_map|added_tokens|vocab|manifest)\\.json|tokenizer\\.model|merges\\.txt"
            + "|chat_template\\.(jinja|json)|.+\\.safetensors|.+\\.safetensors\\.index\\.json|.+\\.gguf");

    /**
     * Reads and hashes the files.
     *
     * @throws ProblemException when a link leads out of the roots, or a file cannot be read
     */
    static ModelDirectory scan(Path location, AllowedRoots roots) {
        try {
            if (!Files.isDirectory(location)) {
                Path parent = location.getParent();
                return scan(location, parent == null ? location : parent, List.of(location), roots);
            }
            try (Stream<Path> entries = Files.list(location)) {
                List<Path> files = entries.filter(
                                file -> READ.matcher(nameOf(file)).matches())
                        .sorted()
                        .toList();
                return scan(location, location, files, roots);
            }
        } catch (IOException e) {
            throw unreadable("cannot be read: " + e.getMessage(), "check the file and its permissions");
        }
    }

    private static ModelDirectory scan(Path location, Path base, List<Path> files, AllowedRoots roots)
            throws IOException {
        List<ModelFile> known = new ArrayList<>();
        for (Path file : files) {
            if (!roots.contains(file)) {
                throw unreadable(
                        "has a link '" + nameOf(file) + "' that leads nowhere or out of the allowed roots",
                        "replace the link by the file");
            }
            if (!Files.isRegularFile(file)) {
                throw unreadable("has '" + nameOf(file) + "', which is no regular file", "remove it");
            }
            FileDigest digest = FileDigest.of(file);
            known.add(new ModelFile(base.relativize(file).toString(), digest.sizeBytes(), digest.sha256()));
        }
        return new ModelDirectory(location, known);
    }

    long sizeBytes() {
        return files.stream().mapToLong(ModelFile::sizeBytes).sum();
    }

    /** SHA-256 of manifest.json where there is one, else of the lines that {@code sha256sum} would print. */
    String digest() {
        for (ModelFile file : files) {
            if (file.path().equals("manifest.json")) {
                return file.sha256();
            }
        }
        StringBuilder lines = new StringBuilder();
        files.forEach(file ->
                lines.append(file.sha256()).append("  ").append(file.path()).append('\n'));
        return FileDigest.sha256(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static ProblemException unreadable(String what, String remedy) {
        return ProblemException.of(ProblemType.UNREADABLE_MODEL, new FieldError("path", what, null, remedy));
    }
}

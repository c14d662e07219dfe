package io.shiftadd.registry.model;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.contents.ModelContents;
import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.registry.storage.AllowedRoots;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * The files of a model on disk, each with its SHA-256: those that the platform reads, nothing else that may lie beside
 * them.
 *
 * @param location the directory, or the GGUF file
 */
record ModelDirectory(Path location, ModelContents contents) {

    /**
     * Reads every file that can change what the model answers. A manifest is believed of a published artifact alone,
     * and only after every file was found to be as it says.
     *
     * @param kind what the model's config.json says that it is
     * @throws ProblemException when a link leads out of the roots, or a file cannot be read
     */
    static ModelDirectory scan(Path location, ModelKind kind, AllowedRoots roots) {
        try {
            requireInside(location, roots);
            boolean published = kind == ModelKind.REPARAMETERIZED && ModelContents.hasManifest(location);
            ModelContents contents = published
                    ? ModelContents.readArtifact(location, _ -> requireWanted())
                    : ModelContents.read(location, _ -> requireWanted());
            return new ModelDirectory(location, contents);
        } catch (FormatException e) {
            throw new ProblemException(ProblemType.UNREADABLE_MODEL, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw unreadable(String.valueOf(e.getMessage()), "check the file and its permissions");
        }
    }

    /**
     * Before any of them is opened: a link must not show what lies elsewhere.
     *
     * @throws ProblemException when a link leads out of the roots, or what has the name of a file is none
     */
    static void requireInside(Path location, AllowedRoots roots) {
        for (Path file : files(location)) {
            if (!roots.contains(file)) {
                throw unreadable(
                        "has a link '" + file.getFileName() + "' that leads nowhere or out of the allowed roots",
                        "replace the link by the file");
            }
        }
    }

    private static List<Path> files(Path location) {
        try {
            return ModelContents.files(location);
        } catch (FormatException e) {
            throw new ProblemException(ProblemType.UNREADABLE_MODEL, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw unreadable(String.valueOf(e.getMessage()), "check the directory and its permissions");
        }
    }

    /** Reading may take minutes; whoever reads is interrupted when nobody wants it any more. */
    private static void requireWanted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted while a model was read");
        }
    }

    /** @throws ProblemException naming the first weight that is NaN or infinite, of the tensors that are used */
    void requireFinite(Set<String> used) {
        try {
            contents.requireFinite(used);
        } catch (FormatException e) {
            throw new ProblemException(ProblemType.UNREADABLE_MODEL, String.valueOf(e.getMessage()));
        }
    }

    long sizeBytes() {
        return contents.sizeBytes();
    }

    List<ModelFile> files() {
        return contents.files().stream()
                .map(file -> new ModelFile(file.path(), file.sizeBytes(), file.sha256()))
                .toList();
    }

    String digest() {
        return contents.digest();
    }

    private static ProblemException unreadable(String what, String remedy) {
        return ProblemException.of(ProblemType.UNREADABLE_MODEL, new FieldError("path", what, null, remedy));
    }
}

package io.shiftadd.inference.loading;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.contents.ModelContents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A model's files as they were when they were checked. Every model is checked byte for byte before it is used,
 * originals and artifacts alike, since models of one digest are served from one copy.
 */
final class ModelFiles {

    private final Path location;
    private final Map<String, State> states;
    private final ModelContents contents;

    /** What changes when a file is written or replaced; null where the file cannot be looked at. */
    private record State(
            long size,
            long modified,
            @Nullable Object changed,
            @Nullable Object file) {}

    private ModelFiles(Path location, Map<String, State> states, ModelContents contents) {
        this.location = location;
        this.states = states;
        this.contents = contents;
    }

    /**
     * Reads all files that can change an answer and compares their digest with the registered one.
     *
     * @param registered files of the model as the registry has them, to name the one that differs; empty = not known
     * @throws ModelLoadException saying which file differs
     * @throws io.shiftadd.format.FormatException when the files are none of a model, or not what their manifest says
     */
    static ModelFiles verify(RegisteredModel model, List<RegistryClient.ModelFile> registered) {
        if (!Files.exists(model.path())) {
            throw new ModelLoadException(
                    model.name(),
                    "there is nothing at " + model.location()
                            + ". Restore it, or delete the model and import it again");
        }
        // Looked at before they are read, so that a change in the meantime is seen as one that came later.
        Map<String, State> states = statesOf(model.path());
        boolean published =
                model.kind() == RegisteredModel.Kind.REPARAMETERIZED && ModelContents.hasManifest(model.path());
        ModelContents contents = published
                ? ModelContents.readArtifact(model.path(), _ -> {})
                : ModelContents.read(model.path(), _ -> {});
        if (!contents.digest().equals(model.digest())) {
            throw new ModelLoadException(model.name(), difference(contents, registered));
        }
        return new ModelFiles(model.path(), states, contents);
    }

    /** What was read. */
    ModelContents contents() {
        return contents;
    }

    private static String difference(ModelContents contents, List<RegistryClient.ModelFile> registered) {
        Map<String, ModelContents.Entry> found = new TreeMap<>();
        contents.files().forEach(file -> found.put(file.path(), file));
        List<String> differences = new ArrayList<>();
        for (RegistryClient.ModelFile file : registered) {
            ModelContents.Entry now = found.remove(file.path());
            if (now == null) {
                differences.add("its file " + file.path() + " is missing");
            } else if (now.sizeBytes() != file.sizeBytes()) {
                differences.add("its file " + file.path() + " has " + now.sizeBytes() + " bytes and had "
                        + file.sizeBytes() + " when it was registered");
            } else if (!now.sha256().equals(file.sha256())) {
                differences.add("its file " + file.path() + " has SHA-256 " + now.sha256() + " and had " + file.sha256()
                        + " when it was registered");
            }
        }
        if (!registered.isEmpty()) {
            found.keySet()
                    .forEach(path -> differences.add("its file " + path + " was not there when it was registered"));
        }
        String what = differences.isEmpty() ? "its files have changed since it was registered" : differences.getFirst();
        return what + ". Restore the files as they were, or delete the model and import it again";
    }

    /** Whether a file was written, replaced, removed or added since the model was checked. */
    boolean changed() {
        return !states.equals(statesOf(location));
    }

    /**
     * Why a model cannot be served any more: which of its files was written to or cut short where it lies, so that its
     * mapped bytes are others now; null when none was. A file that was replaced by another of its name is still mapped
     * as it was.
     */
    @Nullable
    String rewritten(String model) {
        String what = rewritten();
        return what == null
                ? null
                : "model '" + model + "' ended: " + what
                        + ". Restore the files as they were; the model is then loaded again";
    }

    private @Nullable String rewritten() {
        Map<String, State> now = statesOf(location);
        for (Map.Entry<String, State> before : states.entrySet()) {
            State was = before.getValue();
            State is = now.get(before.getKey());
            if (is != null && is.file() != null && is.file().equals(was.file()) && !is.equals(was)) {
                return is.size() == was.size()
                        ? "its file " + before.getKey() + " was written to while it was served"
                        : "its file " + before.getKey() + " has " + is.size() + " bytes and had " + was.size()
                                + " when it was loaded";
            }
        }
        return null;
    }

    private static Map<String, State> statesOf(Path location) {
        Map<String, State> states = new TreeMap<>();
        for (Path file : listed(location)) {
            states.put(String.valueOf(file.getFileName()), stateOf(file));
        }
        return states;
    }

    private static List<Path> listed(Path location) {
        try {
            return ModelContents.files(location);
        } catch (FormatException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static State stateOf(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            // Whoever writes a file can set its time of modification, but not that of its last change.
            Object changed = file.getFileSystem().supportedFileAttributeViews().contains("unix")
                    ? Files.getAttribute(file, "unix:ctime")
                    : null;
            return new State(
                    attributes.size(), attributes.lastModifiedTime().toMillis(), changed, attributes.fileKey());
        } catch (IOException e) {
            return new State(-1, -1, null, null);
        }
    }
}

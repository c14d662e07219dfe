package io.shiftadd.format.contents;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.SmallFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The list of a published artifact's files, which the artifact is named by.
 *
 * @param entry of the manifest itself
 * @param where names it in errors
 */
record ArtifactManifest(ModelContents.Entry entry, List<ModelContents.Entry> files, String where) {

    static final String NAME = "manifest.json";

    private static final long MAX_BYTES = 16_000_000;
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final String REMEDY = "Copy the whole artifact again, or run the job again that made it.";

    /** @throws FormatException when it is none, or lists a file twice or one outside its directory */
    static ArtifactManifest read(Path directory) {
        Path file = directory.resolve(NAME);
        String where = file.toString();
        byte[] bytes = SmallFile.read(file, MAX_BYTES);
        JsonNode json = ModelJson.parse(bytes, where);
        JsonNode listed = json.path("files");
        if (!json.path("format").asString("").equals("shiftadd-artifact") || !listed.isArray() || listed.isEmpty()) {
            throw new FormatException(
                    "is not the manifest of an artifact", where, "it must list the artifact's files", REMEDY);
        }
        List<ModelContents.Entry> files = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        for (JsonNode node : listed) {
            ModelContents.Entry entry = new ModelContents.Entry(
                    node.path("path").asString(""),
                    node.path("size").asLong(-1),
                    node.path("sha256").asString(""));
            if (!isValid(entry) || !paths.add(entry.path())) {
                throw new FormatException(
                        "lists '" + entry.path() + "'",
                        where,
                        "each file stands there once, with its path inside the artifact, its size and its SHA-256",
                        REMEDY);
            }
            files.add(entry);
        }
        return new ArtifactManifest(new ModelContents.Entry(NAME, bytes.length, Sha256.of(bytes)), files, where);
    }

    private static boolean isValid(ModelContents.Entry entry) {
        List<String> parts = Arrays.asList(entry.path().split("/", -1));
        return entry.sizeBytes() >= 0
                && DIGEST.matcher(entry.sha256()).matches()
                && parts.stream().noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."))
                && entry.path().indexOf('\0') < 0
                && !entry.path().equals(NAME);
    }

    /** @throws FormatException when a file that would be read is none of the artifact */
    void requireListed(String name, Path directory) {
        if (files.stream().noneMatch(file -> file.path().equals(name))) {
            throw new FormatException(
                    "has the file '" + name + "'",
                    directory.toString(),
                    NAME + " does not list it, and it would change what the artifact answers",
                    "Remove the file.");
        }
    }

    /** The file where it lies, with the size that is listed. */
    Path sized(ModelContents.Entry listed, Path directory) {
        Path file = directory.resolve(listed.path());
        if (!Files.isRegularFile(file)) {
            throw new FormatException("is missing", file.toString(), NAME + " lists it", REMEDY);
        }
        try {
            long size = Files.size(file);
            if (size != listed.sizeBytes()) {
                throw new FormatException(
                        "has " + size + " bytes", file.toString(), NAME + " says " + listed.sizeBytes(), REMEDY);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return file;
    }

    static void requireSame(ModelContents.Entry listed, ModelContents.Entry found, Path file) {
        if (!listed.equals(found)) {
            throw new FormatException(
                    "has changed since it was published: it has SHA-256 " + found.sha256(),
                    file.toString(),
                    NAME + " says " + listed.sha256(),
                    REMEDY);
        }
    }
}

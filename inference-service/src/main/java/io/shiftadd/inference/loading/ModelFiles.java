package io.shiftadd.inference.loading;

import io.shiftadd.inference.loading.RegistryClient.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checks that a model's files are still those that were registered, before any of them is used. */
final class ModelFiles {

    private static final String MANIFEST = "manifest.json";

    private ModelFiles() {}

    /**
     * A published artifact byte for byte against its manifest, whose SHA-256 is the model's digest; an original model's
     * files by their sizes.
     *
     * @param registered an original model's files as registered; empty = not known
     * @throws ModelLoadException naming the file that differs
     */
    static void verify(RegisteredModel model, List<ModelFile> registered) {
        if (!Files.exists(model.path())) {
            throw new ModelLoadException(
                    model.name(),
                    "there is nothing at " + model.location()
                            + ". Restore it, or delete the model and import it again");
        }
        try {
            Path manifest = model.path().resolve(MANIFEST);
            if (model.kind() == RegisteredModel.Kind.REPARAMETERIZED && Files.exists(manifest)) {
                verifyArtifact(model, manifest);
            } else {
                for (ModelFile file : registered) {
                    verifySize(model, file);
                }
            }
        } catch (IOException | JacksonException e) {
            throw new ModelLoadException(model.name(), e);
        }
    }

    private static void verifyArtifact(RegisteredModel model, Path manifest) throws IOException {
        requireDigest(model, manifest, model.digest());
        for (ModelFile file : filesOf(manifest)) {
            verifySize(model, file);
            requireDigest(model, resolve(model, file), file.sha256());
        }
    }

    private static List<ModelFile> filesOf(Path manifest) throws IOException {
        List<ModelFile> files = new ArrayList<>();
        JsonNode listed =
                JsonMapper.shared().readTree(Files.readAllBytes(manifest)).path("files");
        for (JsonNode file : listed) {
            long size = file.path("size").asLong(-1);
            files.add(new ModelFile(
                    file.path("path").asString(""), size, file.path("sha256").asString("")));
        }
        return files;
    }

    private static void verifySize(RegisteredModel model, ModelFile file) throws IOException {
        Path path = resolve(model, file);
        if (!Files.isRegularFile(path)) {
            throw new ModelLoadException(model.name(), "its file " + file.path() + " is missing");
        }
        long size = Files.size(path);
        if (size != file.sizeBytes()) {
            throw new ModelLoadException(
                    model.name(),
                    "its file " + file.path() + " has " + size + " bytes and had " + file.sizeBytes()
                            + " when it was registered. Restore it, or import the model again");
        }
    }

    private static Path resolve(RegisteredModel model, ModelFile file) {
        if (!Files.isDirectory(model.path())) {
            return model.path();
        }
        Path path = model.path().resolve(file.path()).normalize();
        if (!path.startsWith(model.path().normalize())) {
            throw new ModelLoadException(model.name(), "its file list leaves its directory: " + file.path());
        }
        return path;
    }

    private static void requireDigest(RegisteredModel model, Path file, String expected) throws IOException {
        String actual = sha256(file);
        if (!actual.equals(expected.toLowerCase(Locale.ROOT))) {
            throw new ModelLoadException(
                    model.name(),
                    file.getFileName() + " has SHA-256 " + actual + ", expected " + expected
                            + ". The file has changed since it was published; run the job again");
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[1 << 20];
            while (in.read(buffer) >= 0) {
                // The digest sees what is read.
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}

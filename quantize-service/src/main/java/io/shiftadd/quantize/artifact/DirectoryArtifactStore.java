package io.shiftadd.quantize.artifact;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A directory per artifact: {@code <root>/<sha256>}. It comes into being by one rename, complete and on the disk. */
public final class DirectoryArtifactStore implements ArtifactStore {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path root;

    public DirectoryArtifactStore(Path root) {
        this.root = root;
    }

    @Override
    public Published publish(Path staged) throws IOException {
        Manifest manifest = Manifest.of(staged);
        Files.write(staged.resolve(Manifest.FILE), manifest.toBytes());
        for (Path file : DurableFiles.filesUnder(staged)) {
            DurableFiles.sync(file);
            if (!file.toFile().setReadOnly()) {
                throw new IOException("cannot make " + file + " read-only");
            }
        }
        DurableFiles.sync(staged);
        Files.createDirectories(root);
        Path target = root.resolve(manifest.digest());
        if (isComplete(target, manifest)) {
            DurableFiles.deleteTree(staged);
        } else {
            DurableFiles.deleteTree(target);
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
        }
        DurableFiles.sync(root);
        return new Published(manifest.digest(), target.toString(), manifest);
    }

    /** Damage, say by a copy that broke off, is repaired by publishing anew. */
    private static boolean isComplete(Path target, Manifest manifest) throws IOException {
        if (!Files.isDirectory(target)) {
            return false;
        }
        for (Manifest.Entry entry : manifest.files()) {
            Path file = target.resolve(entry.path());
            if (!Files.isRegularFile(file)
                    || Files.size(file) != entry.size()
                    || !Sha256.of(file).equals(entry.sha256())) {
                return false;
            }
        }
        return Files.isRegularFile(target.resolve(Manifest.FILE));
    }

    @Override
    public List<Stored> list() throws IOException {
        List<Stored> stored = new ArrayList<>();
        if (Files.isDirectory(root)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    if (DIGEST.matcher(name).matches()) {
                        stored.add(new Stored(
                                name, Files.getLastModifiedTime(entry).toInstant()));
                    }
                }
            }
        }
        return stored;
    }

    @Override
    public void delete(String digest) throws IOException {
        if (!DIGEST.matcher(digest).matches()) {
            throw new IllegalArgumentException("not the digest of an artifact: '" + digest + "'");
        }
        DurableFiles.deleteTree(root.resolve(digest));
    }
}

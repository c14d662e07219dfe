package io.shiftadd.registry.hub;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The reference's shared cache: {@code models--owner--name/} with {@code blobs/} (files by their ids), {@code refs/}
 * (the commit of each revision) and {@code snapshots/<commit>/} (links to blobs by the files' names). What is taken
 * from it is checked like a download; nothing in it is ever changed, only added.
 *
 * <p>Source: huggingface_hub, "Understand caching".
 *
 * @param root null when there is none
 */
record HubCache(@Nullable Path root) {

    private static final int MAX_FILES = 10_000;

    private Path home(HubRepository repository) {
        return (root == null ? Path.of("") : root)
                .resolve("models--" + repository.name().replace("/", "--"));
    }

    /**
     * Puts a file in its place, if the cache has it.
     *
     * @param target does not exist
     */
    boolean take(HubRepository repository, HubFile file, Path target) throws IOException {
        Path blob = home(repository).resolve("blobs").resolve(file.id());
        if (root == null || !file.isAt(blob)) {
            return false;
        }
        linkOrCopy(blob, target);
        return true;
    }

    /** The revision as it lies here; empty when it does not. */
    Optional<HubListing> listing(HubRepository repository) throws IOException {
        Path home = home(repository);
        Path ref = home.resolve("refs").resolve(repository.revision());
        String commit = Files.isRegularFile(ref) && Files.size(ref) <= 100
                ? Files.readString(ref).strip()
                : repository.revision();
        Path snapshot = home.resolve("snapshots").resolve(commit);
        if (root == null || !commit.matches("[0-9a-f]{40}") || !Files.isDirectory(snapshot)) {
            return Optional.empty();
        }
        List<HubFile> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(snapshot, 3)) {
            for (Path file : all.filter(Files::isRegularFile).limit(MAX_FILES).toList()) {
                Path blob = file.toRealPath();
                String id = String.valueOf(blob.getFileName());
                if (blob.startsWith(home.toRealPath()) && id.matches("[0-9a-f]{40}([0-9a-f]{24})?")) {
                    String path = snapshot.relativize(file).toString().replace('\\', '/');
                    files.add(new HubFile(path, Files.size(blob), id));
                }
            }
        }
        return Optional.of(new HubListing(commit, files));
    }

    /** Adds what was downloaded. */
    void add(HubRepository repository, String commit, List<HubFile> files, Path directory) throws IOException {
        Path home = home(repository);
        Path blobs = Files.createDirectories(home.resolve("blobs"));
        for (HubFile file : files) {
            Path blob = blobs.resolve(file.id());
            if (!Files.exists(blob)) {
                linkOrCopy(HubModel.place(directory, file), blob);
            }
            Path name = home.resolve("snapshots").resolve(commit).resolve(file.path());
            Path folder = Files.createDirectories(name.resolveSibling(""));
            if (!Files.exists(name)) {
                try {
                    Files.createSymbolicLink(name, folder.relativize(blob));
                } catch (FileAlreadyExistsException e) {
                    // somebody else who fills the cache was faster
                    continue;
                }
            }
        }
        Path ref = home.resolve("refs").resolve(repository.revision());
        if (!commit.equals(repository.revision())) {
            Files.createDirectories(ref.resolveSibling(""));
            Files.writeString(ref, commit);
        }
    }

    /** Both are complete at once or not there: a link takes no room, a copy bears another name until it is whole. */
    private static void linkOrCopy(Path source, Path target) throws IOException {
        Files.createDirectories(target.resolveSibling(""));
        try {
            Files.createLink(target, source.toRealPath());
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) {
            // another file system, or one without links
            Path copy = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
            Files.copy(source.toRealPath(), copy);
            Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}

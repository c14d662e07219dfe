package io.shiftadd.quantize.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files that are there whole or not at all, also after a crash: temporary name, fsync, rename, fsync of the folder. */
public final class DurableFiles {

    private static final String SUFFIX = ".tmp";

    /** Writes the content of a file to the path it is given. */
    @FunctionalInterface
    public interface Content {
        void write(Path temporary) throws IOException;
    }

    private DurableFiles() {}

    /**
     * @param owner makes the temporary name unique among those who may write the same file at the same time
     */
    public static void write(Path target, String owner, Content content) throws IOException {
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + owner + SUFFIX);
        boolean moved = false;
        try {
            content.write(temporary);
            sync(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            moved = true;
        } finally {
            if (!moved) {
                Files.deleteIfExists(temporary);
            }
        }
        sync(directoryOf(target));
    }

    public static void write(Path target, String owner, byte[] content) throws IOException {
        write(target, owner, temporary -> Files.write(temporary, content));
    }

    /** Forces a file's content, or a folder's entries, to the disk. */
    public static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Whether {@link #write} left it behind in a crash. */
    public static boolean isTemporary(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(".") && name.endsWith(SUFFIX);
    }

    /** All regular files under a directory, in the order of their names. */
    public static List<Path> filesUnder(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /** Removes a directory with all that is in it, if it is there. */
    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }

    private static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a file cannot be a root: " + file);
        }
        return parent;
    }
}

package io.shiftadd.quantize.job.partition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Which disk holds the jobs' work directories, as its first worker named it in a file there. Workers that read the same
 * name see each other's files, and only they can share a job.
 */
final class WorkDisk {

    private static final String FILE = "disk.id";

    private WorkDisk() {}

    static String nameOf(Path workDirectory) {
        Path file = workDirectory.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return UUID.fromString(Files.readString(file).strip()).toString();
        } catch (IllegalArgumentException damaged) {
            throw new IllegalStateException(
                    file + " does not hold the name of the disk. Stop all workers, delete it, and start them again.",
                    damaged);
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot read or write " + file
                            + ". Check that shiftadd.data-directory is on a disk with room and that"
                            + " the service may write there.",
                    failure);
        }
    }

    /** A link appears whole and never takes another's place. */
    private static void create(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Path temporary = Files.createTempFile(file.getParent(), FILE, null);
        try {
            Files.writeString(temporary, UUID.randomUUID() + "\n");
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException faster) {
            // Another worker has named it in this moment.
        } finally {
            Files.delete(temporary);
        }
    }
}

package io.shiftadd.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file that is expected to fit into memory, and checks that first. */
public final class SmallFile {

    private SmallFile() {}

    /**
     * All bytes of the file.
     *
     * @param maxBytes larger files are rejected unread
     * @throws FormatException when the file does not exist or is larger
     * @throws UncheckedIOException when it cannot be read
     */
    public static byte[] read(Path file, long maxBytes) {
        if (!Files.isRegularFile(file)) {
            throw new FormatException(
                    "does not exist", file.toString(), "a readable file is needed", "Check the path.");
        }
        try {
            long size = Files.size(file);
            if (size > maxBytes) {
                throw new FormatException(
                        "has " + size + " bytes",
                        file.toString(),
                        "the limit is " + maxBytes,
                        "Check that this is the right file.");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}

package io.shiftadd.model.vision;

import io.shiftadd.format.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Labelled images on disk: a directory with a folder of image files for each class; a pair of IDX files, as MNIST and
 * its successors have; or one file of images one after another with a table of their places.
 */
public sealed interface ImageSet permits FolderImages, IdxImages, TableImages {

    /** The most images of a set: more than any that is published, and few enough to list. */
    int MAX_IMAGES = 1 << 24;

    /** Names of the classes, whose numbers {@link #label} gives. */
    List<String> classes();

    int size();

    int label(int index);

    /** @throws FormatException if it cannot be read: names it */
    RgbImage image(int index);

    /** All files that the set is made of, sorted. */
    List<Path> files();

    /**
     * Opens a set, whichever form it has. Only names, sizes and labels are read, of IDX files all.
     *
     * @param path a directory of class folders, or with one pair of IDX files; an IDX file of images; a table
     * @throws FormatException when it is none of these
     */
    static ImageSet open(Path path) {
        String name = path.getFileName().toString();
        if (name.endsWith(".csv")) {
            return TableImages.open(path);
        }
        if (IdxImages.isImages(name)) {
            return IdxImages.open(path);
        }
        if (Files.isDirectory(path)) {
            List<Path> pairs = IdxImages.in(path);
            if (pairs.size() == 1) {
                return IdxImages.open(pairs.getFirst());
            }
            if (pairs.size() > 1) {
                throw new FormatException(
                        "has several IDX files of images",
                        path.toString(),
                        "a set is one of them",
                        "Name one: "
                                + String.join(
                                        ", ", pairs.stream().map(Path::toString).toList()) + ".");
            }
            return FolderImages.open(path);
        }
        throw new FormatException(
                "is no set of images",
                path.toString(),
                "a set is a directory with a folder for each class, an IDX file (…-images-idx3-ubyte, gzipped or not),"
                        + " or a table (.csv) of places in a file",
                "Name one of these.");
    }

    /** What the names of a set's files are relative to. */
    static Path base(Path location) {
        return Files.isDirectory(location) ? location : location.resolveSibling("");
    }

    /** Bytes of all files. */
    default long sizeBytes() {
        return files().stream().mapToLong(ImageSet::length).sum();
    }

    private static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * SHA-256, in lower-case hex, of the names and contents of all files: another digest is another set.
     *
     * @param base what names are relative to
     * @param check called for each file; may throw to end the reading
     */
    default String digest(Path base, Runnable check) {
        try {
            MessageDigest all = MessageDigest.getInstance("SHA-256");
            for (Path file : files()) {
                check.run();
                MessageDigest one = MessageDigest.getInstance("SHA-256");
                try (InputStream in = Files.newInputStream(file)) {
                    byte[] buffer = new byte[1 << 16];
                    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                        one.update(buffer, 0, count);
                    }
                }
                String line = HexFormat.of().formatHex(one.digest()) + " " + base.relativize(file) + "\n";
                all.update(line.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(all.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}

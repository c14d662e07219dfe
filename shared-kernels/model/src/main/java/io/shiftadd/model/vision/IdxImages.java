package io.shiftadd.model.vision;

import io.shiftadd.format.FormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A pair of IDX files, gzipped or not: grey images of one size, and their labels. Layout, big-endian: two zero bytes,
 * 8 for unsigned bytes, the number of dimensions, each dimension as an int, the bytes.
 */
final class IdxImages implements ImageSet {

    private static final String IMAGES = "images-idx3-ubyte";
    private static final String LABELS = "labels-idx1-ubyte";
    private static final String ZIPPED = ".gz";
    private static final int UNSIGNED_BYTE = 8;
    private static final long MAX_BYTES = 1 << 30;

    private final List<Path> files;
    private final List<String> classes;
    private final int height;
    private final int width;
    private final byte[] pixels;
    private final byte[] labels;

    private IdxImages(List<Path> files, List<String> classes, int height, int width, byte[] pixels, byte[] labels) {
        this.files = files;
        this.classes = classes;
        this.height = height;
        this.width = width;
        this.pixels = pixels;
        this.labels = labels;
    }

    static boolean isImages(String name) {
        return name.endsWith(IMAGES) || name.endsWith(IMAGES + ZIPPED);
    }

    static List<Path> in(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(file -> isImages(file.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    static IdxImages open(Path images) {
        Path labels = images.resolveSibling(images.getFileName().toString().replace(IMAGES, LABELS));
        if (!Files.isRegularFile(labels)) {
            throw new FormatException(
                    "does not exist",
                    labels.toString(),
                    "images in IDX have their labels beside them",
                    "Put the file of labels there.");
        }
        Idx ofImages = Idx.read(images, 3);
        Idx ofLabels = Idx.read(labels, 1);
        int count = ofImages.sizes[0];
        if (count == 0 || count != ofLabels.sizes[0]) {
            throw new FormatException(
                    "has " + ofLabels.sizes[0] + " labels",
                    labels.toString(),
                    "there are " + count + " images",
                    "Use the two files that belong together, with at least one image.");
        }
        int greatest = 0;
        for (byte label : ofLabels.bytes) {
            greatest = Math.max(greatest, label & 0xFF);
        }
        List<String> classes =
                IntStream.rangeClosed(0, greatest).mapToObj(Integer::toString).toList();
        List<Path> files = Stream.of(images, labels).sorted().toList();
        return new IdxImages(files, classes, ofImages.sizes[1], ofImages.sizes[2], ofImages.bytes, ofLabels.bytes);
    }

    /** What an IDX file holds. */
    private record Idx(int[] sizes, byte[] bytes) {

        static Idx read(Path file, int dimensions) {
            try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                    InputStream in = file.toString().endsWith(ZIPPED) ? new GZIPInputStream(raw) : raw) {
                ByteBuffer header = ByteBuffer.wrap(in.readNBytes(Integer.BYTES * (1 + dimensions)));
                if (header.remaining() < Integer.BYTES * (1 + dimensions)
                        || header.getInt() != (UNSIGNED_BYTE << Byte.SIZE | dimensions)) {
                    throw broken(file, "is no IDX file of unsigned bytes in " + dimensions + " dimensions");
                }
                int[] sizes = new int[dimensions];
                long bytes = 1;
                for (int i = 0; i < dimensions; i++) {
                    sizes[i] = header.getInt();
                    if (sizes[i] < 0 || sizes[i] > MAX_BYTES) {
                        throw broken(file, "announces a dimension of " + Integer.toUnsignedString(sizes[i]));
                    }
                    bytes = Math.min(MAX_BYTES + 1, bytes * sizes[i]);
                }
                if (bytes > MAX_BYTES) {
                    throw broken(file, "announces more than " + MAX_BYTES + " bytes");
                }
                byte[] content = in.readNBytes((int) bytes);
                if (content.length < bytes || in.read() >= 0) {
                    throw broken(file, "has not the " + bytes + " bytes that it announces");
                }
                return new Idx(sizes, content);
            } catch (IOException e) {
                throw broken(file, "cannot be read: " + e.getMessage());
            }
        }

        private static FormatException broken(Path file, String what) {
            return new FormatException(
                    what, file.toString(), "an IDX file says how long it is, and is", "Get the file again.");
        }
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int label(int index) {
        return labels[index] & 0xFF;
    }

    @Override
    public RgbImage image(int index) {
        int values = height * width;
        byte[] rgb = new byte[RgbImage.CHANNELS * values];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = pixels[index * values + i / RgbImage.CHANNELS];
        }
        return new RgbImage(width, height, rgb);
    }

    @Override
    public List<Path> files() {
        return files;
    }
}

package io.shiftadd.model.vision;

import io.shiftadd.format.FormatException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One file (.bin) of image files one after another, and a table (.csv) of the same name with the columns {@code
 * offset},
 * {@code length}, {@code label} and perhaps {@code name}, that of the class.
 */
final class TableImages implements ImageSet {

    private static final String ENDING = ".csv";
    private static final long MAX_TABLE_BYTES = 1 << 30;

    private final Path table;
    private final Path images;
    private final List<String> classes;
    private final long[] offsets;
    private final int[] lengths;
    private final int[] labels;

    private TableImages(Path table, Path images, List<String> classes, long[] offsets, int[] lengths, int[] labels) {
        this.table = table;
        this.images = images;
        this.classes = classes;
        this.offsets = offsets;
        this.lengths = lengths;
        this.labels = labels;
    }

    static TableImages open(Path table) {
        String name = table.getFileName().toString();
        Path images = table.resolveSibling(name.substring(0, name.length() - ENDING.length()) + ".bin");
        try {
            if (!Files.isRegularFile(images) || Files.size(table) > MAX_TABLE_BYTES) {
                throw wrong(table, "has no file " + images.getFileName() + " beside it, or is too long");
            }
            return read(table, images, Files.readAllLines(table));
        } catch (IOException e) {
            throw wrong(table, "cannot be read: " + e.getMessage());
        }
    }

    private static TableImages read(Path table, Path images, List<String> lines) throws IOException {
        List<String> header =
                lines.isEmpty() ? List.of() : Arrays.asList(lines.getFirst().split(",", -1));
        int rows = lines.size() - 1;
        if (!header.containsAll(List.of("offset", "length", "label")) || rows < 1 || rows > MAX_IMAGES) {
            throw wrong(table, "has not the columns offset, length and label, or no rows");
        }
        long end = Files.size(images);
        long[] offsets = new long[rows];
        int[] lengths = new int[rows];
        int[] labels = new int[rows];
        TreeMap<Integer, String> names = new TreeMap<>();
        for (int i = 0; i < rows; i++) {
            String[] cells = lines.get(i + 1).split(",", -1);
            try {
                offsets[i] = Long.parseLong(cells[header.indexOf("offset")]);
                lengths[i] = Integer.parseInt(cells[header.indexOf("length")]);
                labels[i] = Integer.parseInt(cells[header.indexOf("label")]);
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw wrong(table, "has something else than numbers in row " + (i + 1));
            }
            if (offsets[i] < 0
                    || lengths[i] < 1
                    || offsets[i] > end - lengths[i]
                    || labels[i] < 0
                    || labels[i] > MAX_IMAGES) {
                throw wrong(table, "has a place in row " + (i + 1) + " that its file of " + end + " bytes has not");
            }
            int column = header.indexOf("name");
            names.putIfAbsent(
                    labels[i], column < 0 || column >= cells.length ? Integer.toString(labels[i]) : cells[column]);
        }
        List<String> classes = new ArrayList<>(IntStream.rangeClosed(0, names.lastKey())
                .mapToObj(Integer::toString)
                .toList());
        names.forEach(classes::set);
        return new TableImages(table, images, List.copyOf(classes), offsets, lengths, labels);
    }

    private static FormatException wrong(Path table, String what) {
        return new FormatException(
                what,
                table.toString(),
                "a table has the columns offset, length and label, and the images in a .bin file of its name",
                "Correct the table, or name a directory with a folder for each class.");
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int size() {
        return offsets.length;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public RgbImage image(int index) {
        try (RandomAccessFile file = new RandomAccessFile(images.toFile(), "r")) {
            if (lengths[index] > ImageLimits.DEFAULT.bytes()) {
                throw new UnreadableImageException(
                        "has more than " + ImageLimits.DEFAULT.bytes() + " bytes", "Make it smaller");
            }
            byte[] bytes = new byte[lengths[index]];
            file.seek(offsets[index]);
            file.readFully(bytes);
            return ImageDecoder.decode(bytes, ImageLimits.DEFAULT);
        } catch (UnreadableImageException e) {
            throw FolderImages.unreadable(images + ", image " + index, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Path> files() {
        return List.of(images, table);
    }
}

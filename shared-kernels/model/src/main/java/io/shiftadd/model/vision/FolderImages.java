package io.shiftadd.model.vision;

import io.shiftadd.format.FormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A folder of image files for each class, whose name it has; classes and files in the order of their names. */
record FolderImages(List<String> classes, List<Path> files, int[] labels) implements ImageSet {

    private static final List<String> ENDINGS = List.of(".jpg", ".jpeg", ".png", ".gif", ".bmp");

    static FolderImages open(Path directory) {
        List<String> classes = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (Path folder : sorted(directory)) {
            if (!Files.isDirectory(folder) || isHidden(folder)) {
                continue;
            }
            int before = files.size();
            sorted(folder).stream().filter(FolderImages::isImage).forEach(files::add);
            for (int i = before; i < files.size(); i++) {
                labels.add(classes.size());
            }
            if (files.size() > before) {
                classes.add(folder.getFileName().toString());
            }
            if (files.size() > MAX_IMAGES) {
                throw new FormatException(
                        "has more than " + MAX_IMAGES + " images",
                        directory.toString(),
                        "a set has at most as many",
                        "Name a part of it.");
            }
        }
        if (files.isEmpty()) {
            throw new FormatException(
                    "has no folder with image files",
                    directory.toString(),
                    "a set has a folder for each class, with files that end in " + String.join(", ", ENDINGS),
                    "Name the directory that has the classes' folders in it.");
        }
        return new FolderImages(
                List.copyOf(classes),
                List.copyOf(files),
                labels.stream().mapToInt(Integer::intValue).toArray());
    }

    private static List<Path> sorted(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static boolean isImage(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !isHidden(file) && ENDINGS.stream().anyMatch(name::endsWith) && Files.isRegularFile(file);
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public RgbImage image(int index) {
        Path file = files.get(index);
        try {
            if (Files.size(file) > ImageLimits.DEFAULT.bytes()) {
                throw new UnreadableImageException(
                        "has more than " + ImageLimits.DEFAULT.bytes() + " bytes", "Make it smaller");
            }
            return ImageDecoder.decode(Files.readAllBytes(file), ImageLimits.DEFAULT);
        } catch (UnreadableImageException e) {
            throw unreadable(file.toString(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FormatException unreadable(String where, UnreadableImageException e) {
        return new FormatException(
                e.what(), where, "every image of a set can be read", e.remedy() + ", or take it out of the set.");
    }
}

package io.shiftadd.format.gguf;

import io.shiftadd.format.ChangedFile;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.MappedFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One GGUF file, or all parts of a model that was split into several: {@code name-00001-of-00003.gguf} and so on. The
 * first part has the metadata, each part its own tensors. Source: gguf-split of llama.cpp.
 */
public final class GgufParts implements AutoCloseable {

    private static final Pattern PART = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
    private static final String COUNT = "split.count";
    private static final String REMEDY = "Download all parts of the model into one directory.";

    private final List<MappedFile> files;
    private final GgufMetadata metadata;
    private final Map<String, GgufTensor> tensors;

    private GgufParts(List<MappedFile> files, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
        this.files = files;
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /** Whether these are the parts of one model and nothing else. */
    public static boolean isOneModel(List<Path> files) {
        return files.stream().map(GgufParts::first).distinct().count() == 1;
    }

    /** The first part's path, by the name of any; the path itself where the name is not that of a part. */
    static Path first(Path path) {
        Matcher name = PART.matcher(String.valueOf(path.getFileName()));
        return name.matches() ? path.resolveSibling(part(name, 1)) : path;
    }

    /** The file, or all of its parts that lie beside it. */
    public static List<Path> of(Path path) {
        Matcher name = PART.matcher(String.valueOf(path.getFileName()));
        if (!name.matches()) {
            return List.of(path);
        }
        return IntStream.rangeClosed(1, Integer.parseInt(name.group(3)))
                .mapToObj(number -> path.resolveSibling(part(name, number)))
                .filter(part -> part.equals(path) || Files.exists(part))
                .toList();
    }

    private static String part(Matcher name, int number) {
        return "%s-%05d-of-%s.gguf".formatted(name.group(1), number, name.group(3));
    }

    static GgufParts open(Path path) {
        List<MappedFile> files = new ArrayList<>();
        try {
            GgufHeader header = add(first(path), files);
            Map<String, GgufTensor> tensors = new LinkedHashMap<>(header.tensors());
            long count = header.metadata().integer(COUNT).orElse(1);
            for (int i = 2; i <= count; i++) {
                addPart(path, i, count, files).forEach((name, tensor) -> {
                    if (tensors.put(name, tensor) != null) {
                        throw new FormatException(
                                "has the tensor '" + name + "', as another part has",
                                tensor.file().path().toString(),
                                "a tensor is in exactly one part",
                                GgufHeader.REMEDY);
                    }
                });
            }
            return new GgufParts(files, header.metadata(), tensors);
        } catch (RuntimeException e) {
            files.forEach(MappedFile::close);
            throw e;
        }
    }

    private static Map<String, GgufTensor> addPart(Path path, int number, long count, List<MappedFile> files) {
        Matcher name = PART.matcher(String.valueOf(path.getFileName()));
        if (!name.matches() || Integer.parseInt(name.group(3)) != count) {
            throw new FormatException(
                    "is one of " + count + " parts of a model",
                    path.toString(),
                    "parts are named …-00001-of-%05d.gguf and so on".formatted(count),
                    "Give the parts their names back.");
        }
        Path part = path.resolveSibling(part(name, number));
        if (!part.toFile().isFile()) {
            throw new FormatException(
                    "part " + number + " of " + count + " is missing", part.toString(), "all must be there", REMEDY);
        }
        GgufHeader header = add(part, files);
        long index = header.metadata().integer("split.no").orElse(-1);
        if (index != number - 1) {
            throw new FormatException(
                    "says that it is part " + (index + 1), part.toString(), "its name says " + number, REMEDY);
        }
        return header.tensors();
    }

    private static GgufHeader add(Path path, List<MappedFile> files) {
        MappedFile file = MappedFile.open(path);
        files.add(file);
        return ChangedFile.watch(path.toString(), () -> GgufHeader.read(file));
    }

    /** The first part's. */
    Path path() {
        return files.getFirst().path();
    }

    GgufMetadata metadata() {
        return metadata;
    }

    /** By GGUF's own names. */
    Map<String, GgufTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        files.forEach(MappedFile::close);
    }
}

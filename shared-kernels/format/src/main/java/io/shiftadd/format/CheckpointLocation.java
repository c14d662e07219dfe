package io.shiftadd.format;

import io.shiftadd.format.gguf.GgufFile;
import io.shiftadd.format.gguf.GgufParts;
import io.shiftadd.format.safetensors.SafetensorsFile;
import io.shiftadd.format.safetensors.ShardedCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the tensors of a model lie, and in which form. */
sealed interface CheckpointLocation {

    record Single(Path file) implements CheckpointLocation {}

    record Sharded(Path index) implements CheckpointLocation {}

    record Gguf(Path file) implements CheckpointLocation {}

    default Checkpoint open() {
        return switch (this) {
            case Single(Path file) -> SafetensorsFile.open(file);
            case Sharded(Path index) -> ShardedCheckpoint.open(index);
            case Gguf(Path file) -> GgufFile.open(file);
        };
    }

    static CheckpointLocation find(Path path) {
        if (Files.isDirectory(path)) {
            return inDirectory(path);
        }
        String name = String.valueOf(path.getFileName());
        if (name.endsWith(".safetensors")) {
            return new Single(path);
        }
        if (name.endsWith(".safetensors.index.json")) {
            return new Sharded(path);
        }
        if (name.endsWith(".gguf")) {
            return new Gguf(path);
        }
        if (isPickle(name)) {
            throw pickle(path);
        }
        throw new FormatException(
                Files.exists(path) ? "is neither safetensors nor GGUF" : "does not exist",
                path.toString(),
                "expected a model directory, .safetensors, .safetensors.index.json or .gguf",
                "Check the path.");
    }

    private static CheckpointLocation inDirectory(Path directory) {
        Path single = directory.resolve("model.safetensors");
        if (Files.exists(single)) {
            return new Single(single);
        }
        Path index = directory.resolve("model.safetensors.index.json");
        if (Files.exists(index)) {
            return new Sharded(index);
        }
        List<Path> files = files(directory);
        List<Path> indexes = ending(files, ".safetensors.index.json");
        List<Path> safetensors = ending(files, ".safetensors");
        List<Path> gguf = ending(files, ".gguf");
        if (indexes.size() == 1) {
            return new Sharded(indexes.getFirst());
        }
        if (indexes.isEmpty() && safetensors.size() == 1) {
            return new Single(safetensors.getFirst());
        }
        if (indexes.isEmpty() && safetensors.isEmpty() && GgufParts.isOneModel(gguf)) {
            return new Gguf(gguf.getFirst());
        }
        throw unclear(directory, files, indexes.size(), safetensors.size(), gguf.size());
    }

    private static FormatException unclear(Path directory, List<Path> files, int indexes, int safetensors, int gguf) {
        if (safetensors == 0 && gguf == 0 && indexes == 0) {
            for (Path file : files) {
                if (isPickle(String.valueOf(file.getFileName()))) {
                    return pickle(file);
                }
            }
            return new FormatException(
                    "has no weights",
                    directory.toString(),
                    "expected model.safetensors, model.safetensors.index.json with its shards, or one .gguf",
                    "Download the model's safetensors files into it.");
        }
        return new FormatException(
                "has " + safetensors + " safetensors files, " + indexes + " indexes and " + gguf + " GGUF files",
                directory.toString(),
                "exactly one model must lie in it",
                "Name the file instead of the directory, or add the missing model.safetensors.index.json.");
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static List<Path> ending(List<Path> files, String suffix) {
        return files.stream()
                .filter(file -> String.valueOf(file.getFileName()).endsWith(suffix))
                .toList();
    }

    private static boolean isPickle(String name) {
        return Stream.of(".bin", ".pt", ".pth", ".ckpt", ".pkl", ".bin.index.json")
                .anyMatch(name::endsWith);
    }

    /** A pickle runs code when it is loaded, so it never is. */
    private static FormatException pickle(Path file) {
        return new FormatException(
                "holds weights as a Python pickle",
                file.toString(),
                "only safetensors and GGUF are ever loaded, because a pickle can run code",
                "Convert it where you trust it, in Python: AutoModelForCausalLM.from_pretrained(directory)"
                        + ".save_pretrained(target, safe_serialization=True)");
    }
}

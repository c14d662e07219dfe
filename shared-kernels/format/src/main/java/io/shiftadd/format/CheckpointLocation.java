package io.shiftadd.format;

import io.shiftadd.format.contents.ShardedCheckpoint;
import io.shiftadd.format.gguf.GgufFile;
import io.shiftadd.format.gguf.GgufParts;
import io.shiftadd.format.safetensors.SafetensorsFile;
import io.shiftadd.format.torch.TorchFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the tensors of a model lie, and in which form. */
public sealed interface CheckpointLocation {

    /** What the reference calls weights that it pickles, and their index with one more ending. */
    String PICKLED = "pytorch_model.bin";

    record Single(Path file) implements CheckpointLocation {}

    record Sharded(Path index) implements CheckpointLocation {}

    record Gguf(Path file) implements CheckpointLocation {}

    record Torch(Path file) implements CheckpointLocation {}

    default Checkpoint open() {
        return switch (this) {
            case Single(Path file) -> SafetensorsFile.open(file);
            case Sharded(Path index) -> ShardedCheckpoint.open(index);
            case Gguf(Path file) -> GgufFile.open(file);
            case Torch(Path file) -> TorchFile.open(file);
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
        if (name.endsWith(".safetensors.index.json") || name.endsWith(".bin.index.json")) {
            return new Sharded(path);
        }
        if (name.endsWith(".gguf")) {
            return new Gguf(path);
        }
        if (name.endsWith(".bin")) {
            return new Torch(path);
        }
        if (isPickle(name)) {
            throw pickle(path);
        }
        throw new FormatException(
                Files.exists(path) ? "is neither safetensors nor GGUF nor pytorch_model.bin" : "does not exist",
                path.toString(),
                "expected a model directory, .safetensors, .safetensors.index.json, .gguf, .bin or .bin.index.json",
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
        if (indexes.isEmpty() && safetensors.isEmpty() && gguf.isEmpty()) {
            Path pickled = directory.resolve(PICKLED);
            Path pickledShards = directory.resolve(PICKLED + ".index.json");
            if (Files.exists(pickled)) {
                return new Torch(pickled);
            }
            if (Files.exists(pickledShards)) {
                return new Sharded(pickledShards);
            }
        }
        throw unclear(directory, files, indexes.size(), safetensors.size(), gguf.size());
    }

    /** Whether a directory's weights are pickled: where there are others, nobody reads its pickles. */
    static boolean isPickled(List<String> names) {
        return names.stream()
                        .noneMatch(name -> name.endsWith(".safetensors")
                                || name.endsWith(".safetensors.index.json")
                                || name.endsWith(".gguf"))
                && (names.contains(PICKLED) || names.contains(PICKLED + ".index.json"));
    }

    /** Whether a file of this name is one of the pickled weights. */
    static boolean isPickledWeights(String name) {
        return name.startsWith("pytorch_model") && (name.endsWith(".bin") || name.endsWith(".bin.index.json"));
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
                    "expected model.safetensors or pytorch_model.bin, the index of one with its shards, or one .gguf",
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
        return Stream.of(".bin", ".pt", ".pth", ".ckpt", ".pkl").anyMatch(name::endsWith);
    }

    /** Pickles of other names hold other things than a dictionary of tensors by the reference's names. */
    private static FormatException pickle(Path file) {
        return new FormatException(
                "holds weights as a Python pickle",
                file.toString(),
                "of pickles, only pytorch_model.bin and its shards are read",
                "Convert it where you trust it, in Python: AutoModelForCausalLM.from_pretrained(directory)"
                        + ".save_pretrained(target, safe_serialization=True)");
    }
}

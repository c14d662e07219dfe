package io.shiftadd.format;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * All tensors of a model by name, wherever they lie: a safetensors file, a directory with one or with shards and
 * their index, or a GGUF file. Thread-safe; views are valid until {@link #close()}.
 */
public interface Checkpoint extends AutoCloseable {

    Set<String> names();

    /**
     * @throws FormatException when there is no tensor of that name
     */
    TensorView tensor(String name);

    /**
     * Type and shape of a tensor, from the header alone.
     *
     * @throws FormatException when there is no tensor of that name
     */
    default TensorType type(String name) {
        TensorView tensor = tensor(name);
        return new TensorType(tensor.dtype(), tensor.shape());
    }

    /**
     * A tensor with two dimensions, to be read a few rows at a time without a copy of the whole.
     *
     * @throws FormatException when there is no tensor of that name
     */
    default MatrixRows rows(String name) {
        return MatrixRows.of(tensor(name));
    }

    default boolean contains(String name) {
        return names().contains(name);
    }

    /** What the file says of itself; empty when it says nothing. */
    Map<String, String> metadata();

    @Override
    void close();

    /**
     * Opens a model directory or one of its files: {@code .safetensors}, {@code .safetensors.index.json}, {@code
     * .gguf}.
     *
     * @throws FormatException when there is nothing that can be read, or it is malformed
     * @throws java.io.UncheckedIOException when it cannot be read
     */
    static Checkpoint open(Path directoryOrFile) {
        return CheckpointLocation.find(directoryOrFile).open();
    }

    /** The error of asking for a tensor that is not there. */
    static FormatException missing(String name, Path where, int count) {
        return new FormatException(
                "has no tensor '" + name + "'",
                where.toString(),
                "it has " + count + " tensors",
                "Check that the file belongs to this architecture.");
    }
}

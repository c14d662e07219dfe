package io.shiftadd.format.gguf;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.MappedFile;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.PlainRows;
import io.shiftadd.format.TensorType;
import io.shiftadd.format.TensorView;
import io.shiftadd.format.gguf.GgufOriginals.Original;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;

/**
 * A GGUF file as the Hugging Face checkpoint that it was converted from: names, shapes and values of tensors are those
 * of the original, quantized ones expanded to float32 each time they are asked for, matrices row by row ({@link
 * #rows}). Mapped read-only and validated as a whole before anything is read from it. Thread-safe.
 *
 * <p>Source: the format's description in ggml (docs/gguf.md), and convert_hf_to_gguf.py of llama.cpp for what it does
 * to the tensors of each family.
 */
public final class GgufFile implements Checkpoint {

    private static final String MODEL = "model";

    private final GgufParts parts;
    private final Optional<GgufOriginals> originals;

    /** By the names of the original. */
    private final Map<String, Original> tensors;

    private GgufFile(GgufParts parts, Path path) {
        this.parts = parts;
        this.originals = GgufOriginals.of(parts.metadata(), path.toString());
        this.tensors = Collections.unmodifiableMap(originals
                .map(known -> known.byName(parts.tensors().values()))
                .orElseGet(() -> GgufOriginals.unchanged(parts.tensors().values())));
    }

    /**
     * Where the header of a file ends.
     *
     * @param beginning some of its first bytes
     * @return empty if the header is longer than these
     * @throws FormatException when they are not those of a GGUF file
     */
    public static OptionalLong headerEnd(MappedFile beginning) {
        return GgufHeader.end(beginning);
    }

    /**
     * @param path a file, or any part of one that is split ({@code …-00001-of-00003.gguf}): the others lie beside it
     * @throws FormatException when the file or a part does not exist, breaks a rule of the format, or holds an
     *     architecture that is not supported; a quantization that is not is reported when a tensor of it is asked for
     * @throws java.io.UncheckedIOException when it cannot be read
     */
    public static GgufFile open(Path path) {
        GgufParts parts = GgufParts.open(path);
        try {
            return new GgufFile(parts, path);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Whether these files are one model: a single file, or the parts of one that is split. */
    public static boolean isOneModel(List<Path> files) {
        return GgufParts.isOneModel(files);
    }

    /** The file, or the first of its parts. */
    public Path path() {
        return parts.path();
    }

    /** GGUF's own metadata, with the vocabulary. */
    public GgufMetadata gguf() {
        return parts.metadata();
    }

    /**
     * The equivalent of the original's config.json, made from the metadata and the tensors that are there.
     *
     * @throws FormatException when a parameter is missing or cannot be expressed
     */
    public Map<String, Object> toHuggingFaceConfig() {
        GgufArchitecture architecture = originals.orElseThrow().architecture();
        GgufParameters parameters = new GgufParameters(this, architecture.name());
        String kind = gguf().text("general.type").orElse(MODEL);
        if (!kind.equals(MODEL)) {
            throw parameters.unsupported("is of the type '" + kind + "'", "only models are read");
        }
        Map<String, Object> config = architecture.config().apply(parameters);
        parameters.refuseUnread();
        return config;
    }

    /** By GGUF's own names. */
    Map<String, GgufTensor> listed() {
        return parts.tensors();
    }

    /** Where the tensors' values lie, by the names of the original. */
    public Map<String, GgufTensor> stored() {
        Map<String, GgufTensor> all = new TreeMap<>();
        tensors.forEach((name, original) -> all.put(name, GgufOriginals.part(original)));
        return all;
    }

    private Original find(String name) {
        Original original = tensors.get(name);
        if (original == null) {
            throw Checkpoint.missing(name, parts.path(), tensors.size());
        }
        return original;
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public TensorView tensor(String name) {
        Original original = find(name);
        TensorView view =
                originals.map(known -> known.restore(original)).orElseGet(() -> GgufExpansion.of(original.tensor()));
        return new TensorView(name, view.dtype(), view.shape(), view.data());
    }

    @Override
    public TensorType type(String name) {
        Original original = find(name);
        GgufTensor tensor = GgufOriginals.part(original);
        long[] shape = tensor.shape().clone();
        DType plain = tensor.type().plain().orElse(DType.F32);
        boolean computed = originals.map(known -> known.isComputed(original)).orElse(false);
        return new TensorType(
                computed ? DType.F32 : plain, isTransposed(original) ? new long[] {shape[1], shape[0]} : shape);
    }

    private boolean isTransposed(Original original) {
        return originals.map(known -> known.isTransposed(original)).orElse(false);
    }

    @Override
    public MatrixRows rows(String name) {
        Original original = find(name);
        GgufTensor tensor = GgufOriginals.part(original);
        if (tensor.shape().length != 2) {
            return MatrixRows.of(tensor(name));
        }
        Optional<LongUnaryOperator> order = originals.flatMap(known -> known.order(original));
        Optional<DType> plain = tensor.type().plain();
        MatrixRows rows = plain.isPresent()
                ? new PlainRows(new TensorView(name, plain.get(), tensor.shape(), tensor.data()), order)
                : new QuantizedRows(
                        name,
                        tensor.shape(),
                        tensor.type().blocks().orElseThrow(),
                        tensor.data(),
                        tensor.scale(),
                        order.orElse(LongUnaryOperator.identity()));
        return isTransposed(original) ? rows.transposed() : rows;
    }

    /** Only what safetensors would have; see {@link #gguf()} for the rest. */
    @Override
    public Map<String, String> metadata() {
        String architecture = parts.metadata().text("general.architecture").orElse("");
        return Map.of("format", "gguf", "architecture", architecture);
    }

    @Override
    public void close() {
        parts.close();
    }
}

package io.shiftadd.format;

import io.shiftadd.format.ggml.BlockFormat;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/**
 * A GGUF file as the Hugging Face checkpoint that it was converted from: names, shapes and values of tensors are those
 * of the original, quantized ones expanded to float32 each time they are asked for, matrices row by row ({@link #rows}).
 * Mapped read-only and validated as a whole before anything is read from it. Thread-safe.
 *
 * <p>Source: the format's description in ggml (docs/gguf.md), and convert_hf_to_gguf.py of llama.cpp for what it does to
 * the tensors of each family.
 */
public final class GgufFile implements Checkpoint {

    /** Elements that a thread expands at a time. */
    private static final int PIECE = 1 << 18;

    private final GgufParts parts;
    private final GgufFamily family;

    /** By the names of the original. */
    private final Map<String, GgufTensor> tensors;

    private GgufFile(GgufParts parts, GgufFamily family) {
        this.parts = parts;
        this.family = family;
        Map<String, GgufTensor> byName = new TreeMap<>();
        for (GgufTensor tensor : parts.tensors().values()) {
            family.originalName(tensor.name()).ifPresent(name -> byName.put(name, tensor));
        }
        this.tensors = Collections.unmodifiableMap(byName);
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
            return new GgufFile(parts, GgufFamily.of(parts.metadata(), path.toString()));
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
        return new GgufConfig(this).toMap();
    }

    GgufFamily family() {
        return family;
    }

    /** What the frequencies of rotary embeddings are divided by, in files of LLaMA 3. */
    Optional<float[]> ropeDivisors() {
        return Optional.ofNullable(parts.tensors().get("rope_freqs.weight"))
                .map(tensor -> expand(tensor).toFloatArray());
    }

    long[] tensorShape(String name) {
        return find(name).shape().clone();
    }

    private GgufTensor find(String name) {
        GgufTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw Checkpoint.missing(name, parts.path(), tensors.size());
        }
        return tensor;
    }

    private TensorView expand(GgufTensor tensor) {
        Optional<DType> plain = tensor.type().plain();
        if (plain.isPresent()) {
            return new TensorView(tensor.name(), plain.get(), tensor.shape(), tensor.data());
        }
        BlockFormat format = tensor.type().blocks().orElseThrow();
        int count = arrayLength(tensor);
        float[] values = new float[count];
        int blocks = count / format.elements();
        int perPiece = Math.max(1, PIECE / format.elements());
        // In parallel because a model's tensors are expanded one after the other.
        IntStream.range(0, Math.ceilDiv(blocks, perPiece)).parallel().forEach(piece -> {
            int first = piece * perPiece;
            int now = Math.min(perPiece, blocks - first);
            format.decode(
                    tensor.data(),
                    (long) first * format.bytes(),
                    now,
                    values,
                    Math.multiplyExact(first, format.elements()));
        });
        return TensorView.ofFloats(tensor.name(), tensor.shape(), values);
    }

    private static int arrayLength(GgufTensor tensor) {
        long count = tensor.elementCount();
        if (count > Integer.MAX_VALUE - 8) {
            throw new FormatException(
                    "tensor '" + tensor.name() + "' has " + count + " elements",
                    tensor.file().path().toString(),
                    "a Java array holds at most " + (Integer.MAX_VALUE - 8),
                    "Use another model.");
        }
        return (int) count;
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public TensorView tensor(String name) {
        TensorView view = family.restore(expand(find(name)));
        return new TensorView(name, view.dtype(), view.shape(), view.data());
    }

    @Override
    public TensorType type(String name) {
        GgufTensor tensor = find(name);
        return new TensorType(
                tensor.type().plain().orElse(DType.F32), tensor.shape().clone());
    }

    @Override
    public MatrixRows rows(String name) {
        GgufTensor tensor = find(name);
        if (tensor.shape().length != 2) {
            return MatrixRows.of(tensor(name));
        }
        Optional<LongUnaryOperator> order = family.order(tensor.name(), tensor.shape());
        Optional<DType> plain = tensor.type().plain();
        return plain.isPresent()
                ? new PlainRows(new TensorView(name, plain.get(), tensor.shape(), tensor.data()), order)
                : new QuantizedRows(
                        name,
                        tensor.shape(),
                        tensor.type().blocks().orElseThrow(),
                        tensor.data(),
                        order.orElse(LongUnaryOperator.identity()));
    }

    /** Only what safetensors would have; see {@link #gguf()} for the rest. */
    @Override
    public Map<String, String> metadata() {
        return Map.of("format", "gguf", "architecture", family.architecture());
    }

    @Override
    public void close() {
        parts.close();
    }
}

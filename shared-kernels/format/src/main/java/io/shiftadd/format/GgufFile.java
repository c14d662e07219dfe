package io.shiftadd.format;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;

/**
 * A GGUF file as the Hugging Face checkpoint that it was converted from: names, shapes and values of tensors are those
 * of the original, quantized ones expanded to float32 each time they are asked for, matrices row by row ({@link #rows}).
 * Mapped read-only and validated as a whole before anything is read from it. Thread-safe.
 *
 * <p>Source: the format's description in ggml (docs/gguf.md), and convert_hf_to_gguf.py of llama.cpp for what it does to
 * the tensors of each family.
 */
public final class GgufFile implements Checkpoint {

    private final MappedFile file;
    private final GgufMetadata metadata;
    private final GgufFamily family;
    private final Map<String, GgufTensor> listed;

    /** By the names of the original. */
    private final Map<String, GgufTensor> tensors;

    private GgufFile(MappedFile file, GgufHeader header, GgufFamily family) {
        this.file = file;
        this.metadata = header.metadata();
        this.family = family;
        this.listed = header.tensors();
        Map<String, GgufTensor> byName = new TreeMap<>();
        for (GgufTensor tensor : listed.values()) {
            family.originalName(tensor.name()).ifPresent(name -> byName.put(name, tensor));
        }
        this.tensors = Collections.unmodifiableMap(byName);
    }

    /**
     * @throws FormatException when the file does not exist, breaks a rule of the format, or holds an architecture or a
     *     quantization that is not supported
     * @throws java.io.UncheckedIOException when it cannot be read
     */
    public static GgufFile open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            GgufHeader header = ChangedFile.watch(path.toString(), () -> GgufHeader.read(file));
            return new GgufFile(file, header, GgufFamily.of(header.metadata(), path.toString()));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    public Path path() {
        return file.path();
    }

    /** GGUF's own metadata, with the vocabulary. */
    public GgufMetadata gguf() {
        return metadata;
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
        return Optional.ofNullable(listed.get("rope_freqs.weight"))
                .map(tensor -> expand(tensor).toFloatArray());
    }

    long[] tensorShape(String name) {
        return find(name).shape().clone();
    }

    private GgufTensor find(String name) {
        GgufTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw Checkpoint.missing(name, file.path(), tensors.size());
        }
        return tensor;
    }

    private TensorView expand(GgufTensor tensor) {
        MemorySegment data = file.bytes().asSlice(tensor.offset(), tensor.byteSize());
        Optional<DType> plain = tensor.type().plain();
        if (plain.isPresent()) {
            return new TensorView(tensor.name(), plain.get(), tensor.shape(), data);
        }
        long bytes = Math.multiplyExact(tensor.elementCount(), (long) Float.BYTES);
        MemorySegment floats = Arena.ofAuto().allocate(bytes, Float.BYTES);
        tensor.type().dequantize(data, floats);
        return new TensorView(tensor.name(), DType.F32, tensor.shape(), floats);
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
        MemorySegment data = file.bytes().asSlice(tensor.offset(), tensor.byteSize());
        Optional<DType> plain = tensor.type().plain();
        return plain.isPresent()
                ? new PlainRows(new TensorView(name, plain.get(), tensor.shape(), data), order)
                : new QuantizedRows(
                        name, tensor.shape(), tensor.type(), data, order.orElse(LongUnaryOperator.identity()));
    }

    /** Only what safetensors would have; see {@link #gguf()} for the rest. */
    @Override
    public Map<String, String> metadata() {
        return Map.of("format", "gguf", "architecture", family.architecture());
    }

    @Override
    public void close() {
        file.close();
    }
}

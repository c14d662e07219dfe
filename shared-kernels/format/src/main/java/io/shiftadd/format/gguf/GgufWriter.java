package io.shiftadd.format.gguf;

import io.shiftadd.format.FloatTensor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes a GGUF file of version 3: metadata and tensors are declared first, then {@link #write} streams the tensors row
 * by row, as float32, float16 or Q8_0. Not thread-safe. Source: ggml, docs/gguf.md.
 */
public final class GgufWriter {

    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;
    private static final int BUFFER = 1 << 20;

    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final List<Declared> tensors = new ArrayList<>();

    private record Declared(FloatTensor tensor, GgmlType type) {
        long rowBytes() {
            return (long) tensor.rowLength() / type.blockElements() * type.blockBytes();
        }

        long padded() {
            return Math.ceilDiv(Math.multiplyExact(rowBytes(), tensor.rowCount()), (long) ALIGNMENT) * ALIGNMENT;
        }
    }

    /**
     * @param value a String, Boolean, Integer (written as unsigned), Float, {@code int[]} (written as signed), {@code
     *     float[]} or a list of Strings
     */
    public GgufWriter put(String key, Object value) {
        metadata.put(key, value);
        return this;
    }

    public GgufWriter putAll(Map<String, ?> values) {
        metadata.putAll(values);
        return this;
    }

    /** @param type F32, F16 or Q8_0, of which only rows of whole blocks can be */
    public GgufWriter add(FloatTensor tensor, GgmlType type) {
        if (type != GgmlType.F32 && type != GgmlType.F16 && type != GgmlType.Q8_0
                || tensor.rowLength() % type.blockElements() != 0) {
            throw new IllegalArgumentException(
                    "rows of " + tensor.rowLength() + " elements cannot be written as " + type);
        }
        tensors.add(new Declared(tensor, type));
        return this;
    }

    /**
     * Writes all beside {@code target} and renames it, so that {@code target} is complete or not there.
     *
     * @throws UncheckedIOException when writing fails; nothing is left behind
     */
    public void write(Path target) {
        try {
            Path temporary = target.toAbsolutePath()
                    .resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
            try {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), BUFFER)) {
                    out.write(header());
                    for (Declared declared : tensors) {
                        writeRows(declared, out);
                    }
                }
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + target, e);
        }
    }

    private byte[] header() {
        GgufBuffer out = new GgufBuffer();
        out.bytes("GGUF".getBytes(StandardCharsets.US_ASCII)).int32(VERSION).int64(tensors.size());
        out.int64(metadata.size());
        metadata.forEach(out::entry);
        long offset = 0;
        for (Declared declared : tensors) {
            long[] shape = declared.tensor.shape();
            out.text(declared.tensor.name()).int32(shape.length);
            for (int i = shape.length - 1; i >= 0; i--) {
                out.int64(shape[i]);
            }
            out.int32(declared.type.code()).int64(offset);
            offset += declared.padded();
        }
        return out.padTo(ALIGNMENT).toBytes();
    }

    private static void writeRows(Declared declared, OutputStream out) throws IOException {
        FloatTensor tensor = declared.tensor;
        float[] row = new float[tensor.rowLength()];
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(declared.rowBytes())).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < tensor.rowCount(); i++) {
            tensor.rows().read(i, row);
            bytes.clear();
            switch (declared.type) {
                case F32 -> bytes.asFloatBuffer().put(row);
                case F16 -> putHalves(row, tensor.name(), bytes);
                default -> Q8Blocks.put(row, tensor.name(), bytes);
            }
            out.write(bytes.array());
        }
        out.write(new byte[Math.toIntExact(declared.padded() - declared.rowBytes() * tensor.rowCount())]);
    }

    private static void putHalves(float[] row, String name, ByteBuffer bytes) {
        for (float value : row) {
            bytes.putShort(half(value, name));
        }
    }

    /** @throws IllegalArgumentException when it is beyond float16 */
    static short half(float value, String name) {
        short half = Float.floatToFloat16(value);
        if (!Float.isFinite(Float.float16ToFloat(half))) {
            throw new IllegalArgumentException("tensor '" + name + "' has " + value + ", which float16 cannot hold");
        }
        return half;
    }
}

package io.shiftadd.format.safetensors;

import io.shiftadd.format.DType;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.TensorInfo;
import io.shiftadd.format.TensorView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Writes a safetensors file: tensors are declared first, then {@link #write} streams their data, one tensor at a time.
 * The same tensors and metadata make the same bytes, in whatever order they were declared. Not thread-safe.
 */
public final class SafetensorsWriter {

    /** Data begins at a multiple of this, a cache line. */
    private static final int DATA_ALIGNMENT = 64;

    private record Declared(String name, DType dtype, long[] shape, TensorData data) {
        long byteSize() {
            return Math.multiplyExact(TensorInfo.elementCount(shape), (long) dtype.bytes());
        }
    }

    private final Map<String, String> metadata;
    private final List<Declared> tensors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /**
     * @param metadata written as {@code __metadata__}; may be empty
     */
    public SafetensorsWriter(Map<String, String> metadata) {
        this.metadata = new TreeMap<>(metadata);
    }

    /**
     * Declares a tensor.
     *
     * @param data asked for the elements once for each {@link #write}
     * @throws IllegalArgumentException when the name is taken
     */
    public SafetensorsWriter add(String name, DType dtype, long[] shape, TensorData data) {
        if (name.equals("__metadata__") || !names.add(name)) {
            throw new IllegalArgumentException("the tensor name '" + name + "' is taken");
        }
        tensors.add(new Declared(name, dtype, shape.clone(), data));
        return this;
    }

    /** Declares a tensor that is copied unchanged; its file must stay open until {@link #write} returns. */
    public SafetensorsWriter add(TensorView view) {
        return add(view.name(), view.dtype(), view.shape(), sink -> sink.writeBytes(view.data()));
    }

    /** Declares a matrix that is read row by row when it is written, and converted to {@code dtype}. */
    public SafetensorsWriter add(MatrixRows matrix, DType dtype) {
        return add(matrix.name(), dtype, matrix.shape(), sink -> {
            float[] row = new float[Math.toIntExact(matrix.shape()[1])];
            for (long i = 0; i < matrix.shape()[0]; i++) {
                matrix.copyRow(i, row, 0);
                sink.writeFloats(row, 0, row.length);
            }
        });
    }

    /** Declares a tensor of bytes. */
    public SafetensorsWriter add(String name, DType dtype, long[] shape, byte[] bytes) {
        return add(name, dtype, shape, sink -> sink.writeBytes(MemorySegment.ofArray(bytes)));
    }

    /** Declares a floating-point tensor; values are converted to {@code dtype} when they are written. */
    public SafetensorsWriter add(String name, DType dtype, long[] shape, float[] values) {
        return add(name, dtype, shape, sink -> sink.writeFloats(values, 0, values.length));
    }

    /**
     * Writes all to a temporary file beside {@code target}, forces it to disk and renames it, so that {@code target} is
     * complete or not there.
     *
     * @throws UncheckedIOException when writing fails; nothing is left behind
     * @throws IllegalStateException when a tensor's data is not as long as it was declared
     */
    public void write(Path target) {
        List<Declared> ordered = new ArrayList<>(tensors);
        // Whole cache lines first, so that they all lie on cache lines: packed planes are read where they lie.
        ordered.sort(Comparator.comparing((Declared tensor) -> tensor.byteSize() % DATA_ALIGNMENT != 0)
                .thenComparing(tensor -> -tensor.dtype().bytes())
                .thenComparing(Declared::name));
        Path directory = target.toAbsolutePath().resolveSibling("");
        try {
            Path temporary = directory.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
            try {
                try (FileChannel channel =
                        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    writeAll(channel, header(ordered), ordered);
                    channel.force(true);
                }
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
            try (FileChannel entries = FileChannel.open(directory)) {
                entries.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + target, e);
        }
    }

    private static void writeAll(FileChannel channel, byte[] header, List<Declared> ordered) throws IOException {
        BufferedSink sink = new BufferedSink(channel);
        byte[] length = new byte[Long.BYTES];
        ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length);
        sink.writeBytes(MemorySegment.ofArray(length));
        sink.writeBytes(MemorySegment.ofArray(header));
        for (Declared tensor : ordered) {
            long size = tensor.byteSize();
            sink.begin(tensor.name(), tensor.dtype(), size);
            tensor.data().writeTo(sink);
            sink.end();
        }
        sink.flush();
    }

    private byte[] header(List<Declared> ordered) {
        Map<String, Object> header = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            header.put("__metadata__", metadata);
        }
        long begin = 0;
        for (Declared tensor : ordered) {
            long end = Math.addExact(begin, tensor.byteSize());
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", tensor.dtype().name());
            entry.put("shape", tensor.shape());
            entry.put("data_offsets", new long[] {begin, end});
            header.put(tensor.name(), entry);
            begin = end;
        }
        byte[] json = ModelJson.write(header).getBytes(StandardCharsets.UTF_8);
        int unpadded = Long.BYTES + json.length;
        int padded = Math.ceilDiv(unpadded, DATA_ALIGNMENT) * DATA_ALIGNMENT;
        byte[] bytes = Arrays.copyOf(json, padded - Long.BYTES);
        Arrays.fill(bytes, json.length, bytes.length, (byte) ' ');
        return bytes;
    }
}

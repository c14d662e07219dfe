package io.shiftadd.format.torch;

import io.shiftadd.format.TensorView;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes archives as {@code torch.save} does, also wrong ones. */
public final class TorchBytes {

    private static final Map<DType, String> STORAGES = Map.of(
            DType.F32,
            "FloatStorage",
            DType.F16,
            "HalfStorage",
            DType.BF16,
            "BFloat16Storage",
            DType.I64,
            "LongStorage");

    private final Map<String, byte[]> records = new LinkedHashMap<>();
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private int storages;

    public TorchBytes() {
        opcodes(0x80, 2, '}', '(');
    }

    /** Adds opcodes and operands as they are. */
    public TorchBytes opcodes(int... bytes) {
        for (int value : bytes) {
            pickle.write(value);
        }
        return this;
    }

    public TorchBytes text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return opcodes('X').int32(bytes.length).bytes(bytes);
    }

    public TorchBytes global(String module, String name) {
        return opcodes('c').bytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public TorchBytes number(long value) {
        opcodes(0x8A, 8);
        return bytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    private TorchBytes int32(int value) {
        return bytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private TorchBytes bytes(byte[] bytes) {
        pickle.writeBytes(bytes);
        return this;
    }

    public TorchBytes tensor(TensorView tensor) {
        long[] strides = new long[tensor.shape().length];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= tensor.shape()[i];
        }
        byte[] data = tensor.toByteArray();
        String key = Integer.toString(storages++);
        records.put("data/" + key, data);
        return view(
                tensor.name(), tensor.dtype(), key, data.length / tensor.dtype().bytes(), 0, tensor.shape(), strides);
    }

    /** A tensor of any shape over a storage of {@code count} elements, which need not be there. */
    public TorchBytes view(
            String name, DType dtype, String key, long count, long offset, long[] shape, long[] strides) {
        text(name).global("torch._utils", "_rebuild_tensor_v2").opcodes('(');
        opcodes('(')
                .text("storage")
                .global("torch", STORAGES.get(dtype))
                .text(key)
                .text("cpu")
                .number(count);
        opcodes('t', 'Q').number(offset);
        tuple(shape);
        tuple(strides);
        return opcodes(0x89).global("collections", "OrderedDict").opcodes(')', 'R', 't', 'R');
    }

    private void tuple(long[] values) {
        opcodes('(');
        for (long value : values) {
            number(value);
        }
        opcodes('t');
    }

    public TorchBytes record(String name, byte[] content) {
        records.put(name, content);
        return this;
    }

    /** The whole archive. */
    public byte[] archive() {
        return withPickle(pickle());
    }

    /** The program as it is, ended. */
    byte[] pickle() {
        opcodes('u', '.');
        return pickle.toByteArray();
    }

    /** The archive with another pickle. */
    byte[] withPickle(byte[] program) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("data.pkl", program);
        all.put("byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        all.putAll(records);
        all.put("version", "3\n".getBytes(StandardCharsets.US_ASCII));
        return zip(all);
    }

    private static byte[] zip(Map<String, byte[]> records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> record : records.entrySet()) {
                ZipEntry entry = new ZipEntry("archive/" + record.getKey());
                CRC32 checksum = new CRC32();
                checksum.update(record.getValue());
                entry.setCrc(checksum.getValue());
                entry.setSize(record.getValue().length);
                entry.setCompressedSize(record.getValue().length);
                entry.setTime(0);
                zip.putNextEntry(entry);
                zip.write(record.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** All tensors of a checkpoint. */
    public static byte[] of(Checkpoint checkpoint) {
        TorchBytes bytes = new TorchBytes();
        checkpoint.names().forEach(name -> bytes.tensor(checkpoint.tensor(name)));
        return bytes.archive();
    }
}

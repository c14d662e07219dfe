package io.shiftadd.format.gguf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes small GGUF files, also wrong ones. */
public final class GgufBytes {

    private static final int ALIGNMENT = 32;

    private final Bytes values = new Bytes();
    private final Bytes tensors = new Bytes();
    private final Bytes data = new Bytes();
    private long valueCount;
    private long tensorCount;
    private int version = 3;

    public GgufBytes version(int number) {
        version = number;
        return this;
    }

    public GgufBytes text(String key, String value) {
        key(key, 8).text(value);
        return this;
    }

    public GgufBytes integer(String key, int value) {
        key(key, 4).int32(value);
        return this;
    }

    public GgufBytes number(String key, float value) {
        key(key, 6).int32(Float.floatToRawIntBits(value));
        return this;
    }

    public GgufBytes flag(String key, boolean value) {
        key(key, 7).write(value ? 1 : 0);
        return this;
    }

    public GgufBytes texts(String key, List<String> list) {
        Bytes out = key(key, 9).int32(8).int64(list.size());
        list.forEach(out::text);
        return this;
    }

    public GgufBytes integers(String key, int... list) {
        Bytes out = key(key, 9).int32(5).int64(list.length);
        for (int value : list) {
            out.int32(value);
        }
        return this;
    }

    public GgufBytes numbers(String key, float... list) {
        Bytes out = key(key, 9).int32(6).int64(list.length);
        for (float value : list) {
            out.int32(Float.floatToRawIntBits(value));
        }
        return this;
    }

    private Bytes key(String key, int type) {
        valueCount++;
        return values.text(key).int32(type);
    }

    /** Of float32. */
    public GgufBytes tensor(String name, long[] shape, float[] elements) {
        return tensor(name, 0, shape, new Bytes().floats(elements).toByteArray());
    }

    /**
     * @param type GGUF's number of it
     * @param shape outermost dimension first
     */
    public GgufBytes tensor(String name, int type, long[] shape, byte[] elements) {
        return tensor(name, type, shape, data.size(), elements);
    }

    GgufBytes tensor(String name, int type, long[] shape, long offset, byte[] elements) {
        tensorCount++;
        tensors.text(name).int32(shape.length);
        for (int i = shape.length - 1; i >= 0; i--) {
            tensors.int64(shape[i]);
        }
        tensors.int32(type).int64(offset);
        data.writeBytes(elements);
        data.pad();
        return this;
    }

    public byte[] toByteArray() {
        Bytes file = new Bytes();
        file.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        file.int32(version).int64(tensorCount).int64(valueCount);
        file.writeBytes(values.toByteArray());
        file.writeBytes(tensors.toByteArray());
        file.pad();
        file.writeBytes(data.toByteArray());
        return file.toByteArray();
    }

    public Path write(Path file) throws IOException {
        return Files.write(file, toByteArray());
    }

    private static final class Bytes extends ByteArrayOutputStream {

        Bytes int32(int value) {
            writeBytes(little(4).putInt(value).array());
            return this;
        }

        Bytes int64(long value) {
            writeBytes(little(8).putLong(value).array());
            return this;
        }

        Bytes text(String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            int64(bytes.length).writeBytes(bytes);
            return this;
        }

        Bytes floats(float[] elements) {
            ByteBuffer bytes = little(4 * elements.length);
            bytes.asFloatBuffer().put(elements);
            writeBytes(bytes.array());
            return this;
        }

        void pad() {
            while (size() % ALIGNMENT != 0) {
                write(0);
            }
        }

        private static ByteBuffer little(int size) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}

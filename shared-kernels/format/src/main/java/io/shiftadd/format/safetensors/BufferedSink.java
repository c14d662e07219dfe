package io.shiftadd.format.safetensors;

import io.shiftadd.format.DType;
import io.shiftadd.format.TensorSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Converts and buffers on the way to a file, and holds each tensor to its declared size. */
final class BufferedSink implements TensorSink {

    /**
     * A huge page: file systems keep what is written at once together in memory, and a mapping of it then takes one
     * entry of the translation buffer instead of 512.
     */
    private static final int BUFFER_BYTES = 1 << 21;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final MemorySegment bufferBytes = MemorySegment.ofBuffer(buffer);

    private String name = "header";
    private DType dtype = DType.U8;
    private long remaining = Long.MAX_VALUE;

    BufferedSink(FileChannel channel) {
        this.channel = channel;
    }

    void begin(String tensor, DType type, long size) {
        name = tensor;
        dtype = type;
        remaining = size;
    }

    void end() {
        if (remaining != 0) {
            throw new IllegalStateException("tensor '" + name + "' lacks " + remaining + " of its declared bytes");
        }
    }

    @Override
    public void writeBytes(MemorySegment bytes) throws IOException {
        take(bytes.byteSize());
        long done = 0;
        while (done < bytes.byteSize()) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int count = (int) Math.min(buffer.remaining(), bytes.byteSize() - done);
            MemorySegment.copy(bytes, done, bufferBytes, buffer.position(), count);
            buffer.position(buffer.position() + count);
            done += count;
        }
    }

    @Override
    public void writeFloats(float[] values, int offset, int count) throws IOException {
        take((long) count * dtype.bytes());
        for (int i = offset; i < offset + count; i++) {
            if (buffer.remaining() < dtype.bytes()) {
                flush();
            }
            switch (dtype) {
                case F32 -> buffer.putFloat(values[i]);
                case F16 -> buffer.putShort(Float.floatToFloat16(values[i]));
                case BF16 -> buffer.putShort(toBfloat16(values[i]));
                case F64 -> buffer.putDouble(values[i]);
                default ->
                    throw new IllegalStateException("tensor '" + name + "' of type " + dtype + " takes no floats");
            }
        }
    }

    void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private void take(long size) {
        if (size > remaining) {
            throw new IllegalStateException("tensor '" + name + "' has more bytes than declared");
        }
        remaining -= size;
    }

    /** Round to nearest, ties to even; a NaN stays one because its quiet bit is set. */
    private static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}

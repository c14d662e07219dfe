package io.shiftadd.quantize.calibration;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A model's hidden states behind its last block, of every token of some sequences, in a mapped file: so that who trains
 * against a model need not run it again on text that it wrote itself.
 *
 * <p>A token's vector is float16 times a power of two of its own, which brings its largest element near the end of
 * float16's range: errors are 2⁻¹¹ of an element, down to 2⁻²⁹ of the largest. Layout: {@code [texts, length]} of
 * {@code [width]} halves, padded to 4 bytes, and the float factor.
 */
public final class HiddenStateFile implements SelfSampler.States, AutoCloseable {

    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FACTOR = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    /** The exponent of the largest element as it is stored: float16 goes up to 65504. */
    private static final int LARGEST_EXPONENT = 14;

    private final Arena arena;
    private final MemorySegment data;
    private final int length;
    private final int width;

    private HiddenStateFile(Arena arena, MemorySegment data, int length, int width) {
        this.arena = arena;
        this.data = data;
        this.length = length;
        this.width = width;
    }

    /** Bytes of a token's vector. */
    private static long stride(int width) {
        return Math.ceilDiv((long) width * Short.BYTES, Float.BYTES) * Float.BYTES + Float.BYTES;
    }

    /** A new file, of zeros. @throws UncheckedIOException if it cannot be written */
    public static HiddenStateFile create(Path file, int texts, int length, int width) {
        return map(file, (long) texts * length * stride(width), length, width);
    }

    /** One that is there. @throws UncheckedIOException if it cannot be read */
    public static HiddenStateFile open(Path file, int length, int width) {
        return map(file, 0, length, width);
    }

    private static HiddenStateFile map(Path file, long bytes, int length, int width) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = bytes > 0
                ? FileChannel.open(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : FileChannel.open(file, StandardOpenOption.READ)) {
            FileChannel.MapMode mode = bytes > 0 ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY;
            MemorySegment data = channel.map(mode, 0, bytes > 0 ? bytes : channel.size(), arena);
            return new HiddenStateFile(arena, data, length, width);
        } catch (IOException e) {
            arena.close();
            throw new UncheckedIOException("cannot map " + file, e);
        }
    }

    /** Sequences that there is room for. */
    public int texts() {
        return Math.toIntExact(data.byteSize() / (length * stride(width)));
    }

    @Override
    public void state(int text, int position, float[] hidden, int offset) {
        long at = ((long) text * length + position) * stride(width);
        float greatest = 0;
        for (int i = 0; i < width; i++) {
            greatest = Math.max(greatest, Math.abs(hidden[offset + i]));
        }
        float factor = greatest > 0 && Float.isFinite(greatest)
                ? Math.scalb(1f, Math.max(Float.MIN_EXPONENT, Math.getExponent(greatest) - LARGEST_EXPONENT))
                : 1;
        float inverse = 1 / factor;
        for (int i = 0; i < width; i++) {
            data.set(HALF, at + (long) i * Short.BYTES, Float.floatToFloat16(hidden[offset + i] * inverse));
        }
        data.set(FACTOR, at + stride(width) - Float.BYTES, factor);
    }

    /** The states of all tokens of a sequence, {@code [length, width]} from {@code at}. */
    public void read(int text, float[] target, int at) {
        for (int position = 0; position < length; position++) {
            long from = ((long) text * length + position) * stride(width);
            float factor = data.get(FACTOR, from + stride(width) - Float.BYTES);
            int to = at + position * width;
            for (int i = 0; i < width; i++) {
                target[to + i] = Float.float16ToFloat(data.get(HALF, from + (long) i * Short.BYTES)) * factor;
            }
        }
    }

    /** Forces what was written to the disk. */
    public void force() {
        data.force();
    }

    @Override
    public void close() {
        arena.close();
    }
}

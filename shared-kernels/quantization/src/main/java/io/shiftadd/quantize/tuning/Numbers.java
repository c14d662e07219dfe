package io.shiftadd.quantize.tuning;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.shiftadd.format.DType;
import io.shiftadd.format.TensorView;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of a gradient or an optimizer: in float, or in half the memory, rounded to the nearest bfloat16, ties to
 * even, each time they are written.
 */
final class Numbers {

    private static final int HALF = 16;
    private static final int BELOW_HALF = 0x7FFF;

    private final float @Nullable [] floats;
    private final short[] halves;

    private Numbers(float @Nullable [] floats, short[] halves) {
        this.floats = floats;
        this.halves = halves;
    }

    /** Zeros. */
    static Numbers of(int size, boolean inHalves) {
        return inHalves ? new Numbers(null, new short[size]) : of(new float[size]);
    }

    /** The array itself. */
    static Numbers of(float[] floats) {
        return new Numbers(floats, new short[0]);
    }

    int size() {
        return floats == null ? halves.length : floats.length;
    }

    void read(int from, float[] target, int count) {
        if (floats != null) {
            System.arraycopy(floats, from, target, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            target[i] = Float.intBitsToFloat(halves[from + i] << HALF);
        }
    }

    void write(int from, float[] source, int at, int count) {
        if (floats != null) {
            System.arraycopy(source, at, floats, from, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int bits = Float.floatToRawIntBits(source[at + i]);
            halves[from + i] = (short) (bits + BELOW_HALF + (bits >>> HALF & 1) >>> HALF);
        }
    }

    void save(String name, SafetensorsWriter writer) {
        long[] shape = {size()};
        if (floats != null) {
            writer.add(name, DType.F32, shape, floats);
        } else {
            writer.add(name, DType.BF16, shape, sink -> sink.writeBytes(MemorySegment.ofArray(halves)));
        }
    }

    /** Whether a tensor holds what {@link #save} wrote of as many numbers of this kind. */
    boolean fits(TensorView saved) {
        return saved.shape().length == 1
                && saved.shape()[0] == size()
                && saved.dtype() == (floats != null ? DType.F32 : DType.BF16);
    }

    void restore(TensorView saved) {
        if (floats != null) {
            System.arraycopy(saved.toFloatArray(), 0, floats, 0, floats.length);
        } else {
            MemorySegment.copy(saved.data(), JAVA_SHORT_UNALIGNED, 0, halves, 0, halves.length);
        }
    }
}

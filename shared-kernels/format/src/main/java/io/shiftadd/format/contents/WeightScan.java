package io.shiftadd.format.contents;

import io.shiftadd.format.ggml.BlockFormat;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds NaN and infinite weights in bytes as they lie in a file.
 *
 * <p>Elements of two and four bytes are looked at eight bytes at a time: a lane whose exponent is all ones, and no
 * other, reaches its highest bit when the exponent's lowest bit is added to the masked exponent. The loop has no branch
 * and only ors, so that compilers make vectors of it and plain machine code is fast, too. Blocks of quantized types are
 * expanded.
 *
 * @param unitBytes bytes of a unit, which is an element, or a block of a quantized type
 * @param exponent mask of the exponents of the lanes of eight bytes; 0 where each element is looked at
 * @param lowest lowest bits of these exponents
 * @param sign highest bits of the lanes
 */
record WeightScan(
        int unitBytes,
        long exponent,
        long lowest,
        long sign,
        @Nullable BlockFormat blocks) {

    static final WeightScan F32 =
            new WeightScan(Float.BYTES, 0x7F8000007F800000L, 0x0080000000800000L, 0x8000000080000000L, null);
    static final WeightScan F16 =
            new WeightScan(Short.BYTES, 0x7C007C007C007C00L, 0x0400040004000400L, 0x8000800080008000L, null);
    static final WeightScan BF16 =
            new WeightScan(Short.BYTES, 0x7F807F807F807F80L, 0x0080008000800080L, 0x8000800080008000L, null);

    /** Used as float, so that a number beyond a float's range is infinite. */
    static final WeightScan F64 = new WeightScan(Double.BYTES, 0, 0, 0, null);

    static WeightScan of(BlockFormat blocks) {
        return new WeightScan(blocks.bytes(), 0, 0, 0, blocks);
    }

    /** An element that is no number: its index in the part that was looked at, and what it is. */
    record Found(long index, float value) {}

    int unitElements() {
        return blocks == null ? 1 : blocks.elements();
    }

    /**
     * The first element that is not finite.
     *
     * @param length whole units from the beginning of {@code bytes}
     */
    Optional<Found> first(byte[] bytes, int length) {
        if (blocks != null) {
            return firstInBlocks(blocks, bytes, length);
        }
        if (exponent != 0 && allFinite(bytes, length)) {
            return Optional.empty();
        }
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < length; at += unitBytes) {
            float value = element(data, at);
            if (!Float.isFinite(value)) {
                return Optional.of(new Found(at / unitBytes, value));
            }
        }
        return Optional.empty();
    }

    private boolean allFinite(byte[] bytes, int length) {
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long seen = 0;
        int whole = length / Long.BYTES * Long.BYTES;
        for (int at = 0; at < whole; at += Long.BYTES) {
            seen |= (data.getLong(at) & exponent) + lowest;
        }
        boolean finite = (seen & sign) == 0;
        for (int at = whole; finite && at < length; at += unitBytes) {
            finite = Float.isFinite(element(data, at));
        }
        return finite;
    }

    private float element(ByteBuffer data, int at) {
        if (unitBytes == Double.BYTES) {
            return (float) data.getDouble(at);
        }
        if (unitBytes == Float.BYTES) {
            return data.getFloat(at);
        }
        short bits = data.getShort(at);
        return exponent == F16.exponent ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
    }

    private static Optional<Found> firstInBlocks(BlockFormat format, byte[] bytes, int length) {
        MemorySegment data = MemorySegment.ofArray(bytes);
        int atOnce = Math.max(1, 8192 / format.elements());
        float[] values = new float[atOnce * format.elements()];
        int blocks = length / format.bytes();
        for (int block = 0; block < blocks; block += atOnce) {
            int count = Math.min(atOnce, blocks - block);
            format.decode(data, (long) block * format.bytes(), count, values, 0);
            for (int i = 0; i < count * format.elements(); i++) {
                if (!Float.isFinite(values[i])) {
                    return Optional.of(new Found((long) block * format.elements() + i, values[i]));
                }
            }
        }
        return Optional.empty();
    }
}

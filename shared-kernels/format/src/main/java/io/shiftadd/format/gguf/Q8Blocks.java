package io.shiftadd.format.gguf;

import java.nio.ByteBuffer;

/**
 * Rows as Q8_0 has them: {@code x ≈ d·q} in blocks of 32 elements, {@code d = max|x| / 127} as float16, {@code q} a
 * signed byte, rounded to the nearest, ties away from 0. Source: ggml, quantize_row_q8_0_ref.
 */
final class Q8Blocks {

    private static final int ELEMENTS = 32;
    private static final float LARGEST = 127;

    private Q8Blocks() {}

    /** @param row a multiple of 32 elements long */
    static void put(float[] row, String name, ByteBuffer bytes) {
        for (int begin = 0; begin < row.length; begin += ELEMENTS) {
            float largest = 0;
            for (int i = begin; i < begin + ELEMENTS; i++) {
                largest = Math.max(largest, Math.abs(row[i]));
            }
            float step = largest / LARGEST;
            float inverse = step == 0 ? 0 : 1 / step;
            bytes.putShort(GgufWriter.half(step, name));
            for (int i = begin; i < begin + ELEMENTS; i++) {
                float scaled = row[i] * inverse;
                bytes.put((byte) Math.clamp(Math.copySign(Math.round(Math.abs(scaled)), scaled), -LARGEST, LARGEST));
            }
        }
    }
}

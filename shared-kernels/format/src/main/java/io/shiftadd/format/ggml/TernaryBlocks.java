package io.shiftadd.format.ggml;

import jdk.incubator.vector.ByteVector;

/** 256 of −1, 0 and 1 with one scale: BitNet's weights. */
final class TernaryBlocks {

    private static final int[] POWERS = {1, 3, 9, 27, 81};

    private TernaryBlocks() {}

    /**
     * Five values a byte as digits of a fraction in base 3, the first the highest: times a power of three, the byte's
     * overflow is the next digit. Bytes hold values that are 32, 16 and, four in the last four bytes, 4 apart.
     */
    static void tq1(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at + 52);
        digits(b, at, 32, 5, d, y, to);
        digits(b, at + 32, 16, 5, d, y, to + 160);
        digits(b, at + 48, 4, 4, d, y, to + 240);
    }

    private static void digits(byte[] b, int at, int width, int digits, float d, float[] y, int to) {
        for (int digit = 0; digit < digits; digit++) {
            int power = POWERS[digit];
            for (int i = 0; i < width; i++) {
                int fraction = b[at + i] * power & 0xFF;
                y[to + digit * width + i] = d * ((fraction * 3 >> 8) - 1);
            }
        }
    }

    /** Two bits each, the highest first, in the next of four fields of 32 values. Source: quantize_i2_s of BitNet. */
    static void i2(byte[] b, int at, float[] y, int to) {
        for (int part = 0; part < 4; part++) {
            for (int i = 0; i < 32; i++) {
                y[to + part * 32 + i] = (b[at + i] >> 6 - 2 * part & 3) - 1;
            }
        }
    }

    /** Two bits each, in the next of four fields of 32 bytes, twice. */
    static void tq2(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at + 64);
        for (int part = 0; part < 8; part++) {
            int from = at + part / 4 * 32;
            int shift = part % 4 * 2;
            for (int i = 0; i < 32; i += Lanes.COUNT) {
                ByteVector q = Lanes.bits(Lanes.load(b, from + i), shift, 3).sub((byte) 1);
                Lanes.scaled(q, d, y, to + part * 32 + i);
            }
        }
    }
}

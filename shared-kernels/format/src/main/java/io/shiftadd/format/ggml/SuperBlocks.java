package io.shiftadd.format.ggml;

import jdk.incubator.vector.ByteVector;

/**
 * K-quants: 256 integers in groups of 16 or 32, whose scales (and minima) are small integers themselves with one scale
 * (and one minimum) for all.
 */
final class SuperBlocks {

    private static final int ELEMENTS = 256;
    private static final int GROUP = 32;
    private static final int HALF = Lanes.COUNT;

    private SuperBlocks() {}

    /** Scales and minima are the halves of 16 bytes; quants, two bits of 64 bytes, lie as in {@link #q3}. */
    static void q2(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at + 80);
        float minimum = Bits.half(b, at + 82);
        for (int group = 0; group < 16; group++) {
            float scale = d * (b[at + group] & 0xF);
            float offset = minimum * (b[at + group] >> 4 & 0xF);
            int from = at + 16 + group / 8 * GROUP + group % 2 * HALF;
            int shift = group % 8 / 2 * 2;
            Lanes.affine(Lanes.bits(Lanes.load(b, from), shift, 3), scale, -offset, y, to + group * HALF);
        }
    }

    /**
     * Two bits of a quant are in the next of four fields of 32 bytes each, twice; the third bit, which spares it a
     * subtraction of 4, is in the next of eight fields of 32 bytes.
     */
    static void q3(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at + 108);
        for (int group = 0; group < 16; group++) {
            int low = b[at + 96 + group % 8] >> group / 8 * 4 & 0xF;
            int high = b[at + 104 + group % 4] >> group / 4 * 2 & 3;
            float scale = d * ((low | high << 4) - 32);
            int field = group % 2 * HALF;
            int from = at + 32 + group / 8 * GROUP + field;
            int shift = group % 8 / 2 * 2;
            int bit = group / 2;
            ByteVector third = Lanes.bits(Lanes.load(b, at + field), bit, 1, 2);
            ByteVector q = Lanes.bits(Lanes.load(b, from), shift, 3).add(third).sub((byte) 4);
            Lanes.scaled(q, scale, y, to + group * HALF);
        }
    }

    static void q4(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        float minimum = Bits.half(b, at + 2);
        for (int group = 0; group < 8; group++) {
            float scale = d * scale(b, at + 4, group);
            float offset = minimum * minimum(b, at + 4, group);
            int from = at + 16 + group / 2 * GROUP;
            int shift = group % 2 * 4;
            for (int i = 0; i < GROUP; i += HALF) {
                ByteVector q = Lanes.bits(Lanes.load(b, from + i), shift, 0xF);
                Lanes.affine(q, scale, -offset, y, to + group * GROUP + i);
            }
        }
    }

    static void q5(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        float minimum = Bits.half(b, at + 2);
        for (int group = 0; group < 8; group++) {
            float scale = d * scale(b, at + 4, group);
            float offset = minimum * minimum(b, at + 4, group);
            int from = at + 48 + group / 2 * GROUP;
            int shift = group % 2 * 4;
            for (int i = 0; i < GROUP; i += HALF) {
                ByteVector fifth = Lanes.bits(Lanes.load(b, at + 16 + i), group, 1, 4);
                ByteVector q = Lanes.bits(Lanes.load(b, from + i), shift, 0xF).add(fifth);
                Lanes.affine(q, scale, -offset, y, to + group * GROUP + i);
            }
        }
    }

    /** Scales and minima of eight groups, six bits each: those of the first four whole, of the others in two parts. */
    private static int scale(byte[] b, int at, int group) {
        return group < 4 ? b[at + group] & 0x3F : b[at + group + 4] & 0xF | b[at + group - 4] >> 2 & 0x30;
    }

    private static int minimum(byte[] b, int at, int group) {
        return group < 4 ? b[at + group + 4] & 0x3F : b[at + group + 4] >> 4 & 0xF | b[at + group] >> 2 & 0x30;
    }

    /**
     * Four bits of a quant are in the next of two halves of 64 bytes, twice; two more in one of four fields of 32
     * bytes.
     */
    static void q6(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at + 208);
        for (int group = 0; group < 16; group++) {
            float scale = d * b[at + 192 + group];
            int from = at + group / 8 * 64 + group % 4 * HALF;
            int shift = group % 8 / 4 * 4;
            int highFrom = at + 128 + group / 8 * GROUP + group % 2 * HALF;
            int highShift = group % 8 / 2 * 2;
            ByteVector high = Lanes.bits(Lanes.load(b, highFrom), highShift, 3, 4);
            ByteVector q = Lanes.bits(Lanes.load(b, from), shift, 0xF).add(high).sub((byte) 32);
            Lanes.scaled(q, scale, y, to + group * HALF);
        }
    }

    /** Sums of groups follow, which serve products of blocks only. */
    static void q8(byte[] b, int at, float[] y, int to) {
        float d = Float.intBitsToFloat(Bits.int32(b, at));
        PlainBlocks.signedBytes(b, at + 4, d, y, to, ELEMENTS);
    }
}

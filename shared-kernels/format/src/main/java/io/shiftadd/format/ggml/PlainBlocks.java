package io.shiftadd.format.ggml;

import jdk.incubator.vector.ByteVector;

/**
 * 32 integers of the same width with a scale, and perhaps a minimum: {@code w = d·q} or {@code w = d·q + m}. Those of
 * four bits are the low halves of 16 bytes, then the high ones; a fifth bit of each is in four bytes of their own.
 */
final class PlainBlocks {

    private static final int ELEMENTS = 32;
    private static final int HALF = Lanes.COUNT;
    private static final int NIBBLE = 0xF;

    private PlainBlocks() {}

    static void q4WithoutMinimum(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        ByteVector pairs = Lanes.load(b, at + 2);
        Lanes.scaled(Lanes.bits(pairs, 0, NIBBLE).sub((byte) 8), d, y, to);
        Lanes.scaled(Lanes.bits(pairs, 4, NIBBLE).sub((byte) 8), d, y, to + HALF);
    }

    static void q4WithMinimum(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        float m = Bits.half(b, at + 2);
        ByteVector pairs = Lanes.load(b, at + 4);
        Lanes.affine(Lanes.bits(pairs, 0, NIBBLE), d, m, y, to);
        Lanes.affine(Lanes.bits(pairs, 4, NIBBLE), d, m, y, to + HALF);
    }

    static void q5WithoutMinimum(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        int fifth = Bits.int32(b, at + 2);
        ByteVector pairs = Lanes.load(b, at + 6);
        ByteVector low = Lanes.add(Lanes.bits(pairs, 0, NIBBLE), 16, fifth);
        ByteVector high = Lanes.add(Lanes.bits(pairs, 4, NIBBLE), 16, fifth >>> HALF);
        Lanes.scaled(low.sub((byte) 16), d, y, to);
        Lanes.scaled(high.sub((byte) 16), d, y, to + HALF);
    }

    static void q5WithMinimum(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        float m = Bits.half(b, at + 2);
        int fifth = Bits.int32(b, at + 4);
        ByteVector pairs = Lanes.load(b, at + 8);
        Lanes.affine(Lanes.add(Lanes.bits(pairs, 0, NIBBLE), 16, fifth), d, m, y, to);
        Lanes.affine(Lanes.add(Lanes.bits(pairs, 4, NIBBLE), 16, fifth >>> HALF), d, m, y, to + HALF);
    }

    static void q8(byte[] b, int at, float[] y, int to) {
        signedBytes(b, at + 2, Bits.half(b, at), y, to, ELEMENTS);
    }

    /** The sum, d·Σq, serves products of blocks only. */
    static void q8WithSum(byte[] b, int at, float[] y, int to) {
        signedBytes(b, at + 4, Bits.half(b, at), y, to, ELEMENTS);
    }

    static void signedBytes(byte[] b, int at, float d, float[] y, int to, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.scaled(Lanes.load(b, at + i), d, y, to + i);
        }
    }
}

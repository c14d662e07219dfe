package io.shiftadd.format.ggml;

/**
 * 32 integers of the same width with a scale, and perhaps a minimum: {@code w = d·q} or {@code w = d·q + m}. Those of
 * four bits are the low halves of 16 bytes, then the high ones; a fifth bit of each is in four bytes of their own.
 */
final class PlainBlocks {

    private static final int ELEMENTS = 32;
    private static final int HALF = 16;

    private PlainBlocks() {}

    static void q4WithoutMinimum(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        for (int i = 0; i < HALF; i++) {
            y[to + i] = d * ((b[at + 2 + i] & 0xF) - 8);
        }
        for (int i = 0; i < HALF; i++) {
            y[to + HALF + i] = d * ((b[at + 2 + i] >> 4 & 0xF) - 8);
        }
    }

    static void q4WithMinimum(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        float m = Bits.half(b, at + 2);
        for (int i = 0; i < HALF; i++) {
            y[to + i] = d * (b[at + 4 + i] & 0xF) + m;
        }
        for (int i = 0; i < HALF; i++) {
            y[to + HALF + i] = d * (b[at + 4 + i] >> 4 & 0xF) + m;
        }
    }

    static void q5WithoutMinimum(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        int fifth = Bits.int32(b, at + 2);
        for (int i = 0; i < HALF; i++) {
            y[to + i] = d * ((b[at + 6 + i] & 0xF | (fifth >> i & 1) << 4) - 16);
        }
        for (int i = 0; i < HALF; i++) {
            y[to + HALF + i] = d * ((b[at + 6 + i] >> 4 & 0xF | (fifth >> HALF + i & 1) << 4) - 16);
        }
    }

    static void q5WithMinimum(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        float m = Bits.half(b, at + 2);
        int fifth = Bits.int32(b, at + 4);
        for (int i = 0; i < HALF; i++) {
            y[to + i] = d * (b[at + 8 + i] & 0xF | (fifth >> i & 1) << 4) + m;
        }
        for (int i = 0; i < HALF; i++) {
            y[to + HALF + i] = d * (b[at + 8 + i] >> 4 & 0xF | (fifth >> HALF + i & 1) << 4) + m;
        }
    }

    static void q8(byte[] b, int at, float[] y, int to) {
        signedBytes(b, at + 2, Bits.half(b, at), y, to, ELEMENTS);
    }

    /** The sum, d·Σq, serves products of blocks only. */
    static void q8WithSum(byte[] b, int at, float[] y, int to) {
        signedBytes(b, at + 4, Bits.half(b, at), y, to, ELEMENTS);
    }

    static void signedBytes(byte[] b, int at, float d, float[] y, int to, int count) {
        for (int i = 0; i < count; i++) {
            y[to + i] = d * b[at + i];
        }
    }
}

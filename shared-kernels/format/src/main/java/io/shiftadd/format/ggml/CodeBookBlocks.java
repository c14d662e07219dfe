package io.shiftadd.format.ggml;

/** Four bits each that select one of 16 values, times a scale. */
final class CodeBookBlocks {

    /** Of IQ4: quantiles of weights as they usually are. */
    private static final float[] IQ4 = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    /** Of E2M1, a float of four bits, doubled. */
    private static final float[] E2M1 = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private CodeBookBlocks() {}

    static void iq4(byte[] b, int at, float[] y, int to) {
        lookUp(IQ4, b, at + 2, 16, Bits.half(b, at), y, to);
    }

    /** Eight groups of 32, each with a scale of six bits. */
    static void iq4Smaller(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        int high = Bits.unsigned16(b, at + 2);
        for (int group = 0; group < 8; group++) {
            int scale = Bits.nibble(b, at + 4 + group / 2, group % 2 * 4) | (high >> 2 * group & 3) << 4;
            lookUp(IQ4, b, at + 8 + group * 16, 16, d * (scale - 32), y, to + group * 32);
        }
    }

    static void mxfp4(byte[] b, int at, float[] y, int to) {
        lookUp(E2M1, b, at + 1, 16, halfPowerOfTwo(b[at] & 0xFF), y, to);
    }

    /** Four groups of 16, each with a scale that is an unsigned float of four bits for the exponent and three more. */
    static void nvfp4(byte[] b, int at, float[] y, int to) {
        for (int group = 0; group < 4; group++) {
            lookUp(E2M1, b, at + 4 + group * 8, 8, halfUnsignedFloat(b[at + group] & 0xFF), y, to + group * 16);
        }
    }

    /** The low halves of so many bytes, then the high ones. */
    private static void lookUp(float[] book, byte[] b, int at, int bytes, float scale, float[] y, int to) {
        for (int i = 0; i < bytes; i++) {
            y[to + i] = scale * book[b[at + i] & 0xF];
            y[to + bytes + i] = scale * book[b[at + i] >> 4 & 0xF];
        }
    }

    /** Half of 2^(x − 127), which undoes the doubling of the code book; the two smallest are subnormal. */
    private static float halfPowerOfTwo(int x) {
        return Float.intBitsToFloat(x < 2 ? 0x0020_0000 << x : x - 1 << 23);
    }

    private static float halfUnsignedFloat(int x) {
        int exponent = x >> 3 & 0xF;
        int mantissa = x & 7;
        if (x == 0 || x == 0x7F) {
            return 0;
        }
        return exponent == 0 ? Math.scalb((float) mantissa, -10) : Math.scalb(1 + mantissa / 8f, exponent - 8);
    }
}

package io.shiftadd.format.ggml;

/**
 * 256 values, four or eight of which are a point of a grid, times a scale; with signs beside the points (IQ2, IQ3), or
 * with a shift of all by an eighth (IQ1).
 */
final class GridBlocks {

    private static final float EIGHTH = 0.125f;

    private GridBlocks() {}

    /** Per 32 values: four indexes of eight bits, and in four bytes seven signs of each and a scale. */
    static void iq2Smallest(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        for (int group = 0; group < 8; group++) {
            int from = at + 2 + group * 8;
            int rest = Bits.int32(b, from + 4);
            float scale = d * (0.5f + (rest >>> 28)) * 0.25f;
            for (int i = 0; i < 4; i++) {
                int signs = signs(rest >> 7 * i & 0x7F);
                signed(Grid.IQ2_XXS, b[from + i] & 0xFF, 8, signs, scale, y, to + group * 32 + i * 8);
            }
        }
    }

    /** Per eight values: an index of nine bits and seven signs; four bits of scale for 16. */
    static void iq2Smaller(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        for (int i = 0; i < 32; i++) {
            int code = Bits.unsigned16(b, at + 2 + 2 * i);
            float scale = d * (0.5f + Bits.nibble(b, at + 66 + i / 4, i / 2 % 2 * 4)) * 0.25f;
            signed(Grid.IQ2_XS, code & 511, 8, signs(code >> 9), scale, y, to + i * 8);
        }
    }

    /** Per eight values: an index of ten bits, two of them apart, and eight signs; four bits of scale for 16. */
    static void iq2Small(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        for (int i = 0; i < 32; i++) {
            int index = b[at + 2 + i] & 0xFF | (b[at + 66 + i / 4] >> i % 4 * 2 & 3) << 8;
            float scale = d * (0.5f + Bits.nibble(b, at + 74 + i / 4, i / 2 % 2 * 4)) * 0.25f;
            signed(Grid.IQ2_S, index, 8, b[at + 34 + i], scale, y, to + i * 8);
        }
    }

    /** Per 32 values: eight indexes of eight bits, and in four bytes seven signs for every eight and a scale. */
    static void iq3Smallest(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        for (int group = 0; group < 8; group++) {
            int rest = Bits.int32(b, at + 66 + 4 * group);
            float scale = d * (0.5f + (rest >>> 28)) * 0.5f;
            for (int i = 0; i < 8; i++) {
                int signs = signs(rest >> 7 * (i / 2) & 0x7F) >> i % 2 * 4;
                int index = b[at + 2 + group * 8 + i] & 0xFF;
                signed(Grid.IQ3_XXS, index, 4, signs, scale, y, to + group * 32 + i * 4);
            }
        }
    }

    /** Per four values: an index of nine bits, one of them apart, and four signs; four bits of scale for 32. */
    static void iq3Small(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        for (int i = 0; i < 64; i++) {
            int index = b[at + 2 + i] & 0xFF | (b[at + 66 + i / 8] >> i % 8 & 1) << 8;
            float scale = d * (1 + 2 * Bits.nibble(b, at + 106 + i / 16, i / 8 % 2 * 4));
            signed(Grid.IQ3_S, index, 4, b[at + 74 + i / 2] >> i % 2 * 4, scale, y, to + i * 4);
        }
    }

    /** Per eight values: an index of eleven bits, three of them apart; a scale and the shift's sign for 32. */
    static void iq1Small(byte[] b, int at, float[] y, int to) {
        float d = Bits.half(b, at);
        for (int i = 0; i < 32; i++) {
            int rest = Bits.unsigned16(b, at + 34 + i / 4 * 2);
            float scale = d * (2 * (rest >> 12 & 7) + 1);
            int index = b[at + 2 + i] & 0xFF | (rest >> i % 4 * 3 & 7) << 8;
            shifted(index, scale, (rest & 0x8000) == 0 ? EIGHTH : -EIGHTH, y, to + i * 8);
        }
    }

    /**
     * As {@link #iq1Small}, the shift's sign with each index, and a scale for 16; the block's is in parts beside those.
     */
    static void iq1Medium(byte[] b, int at, float[] y, int to) {
        int half = 0;
        for (int i = 0; i < 4; i++) {
            half |= Bits.unsigned16(b, at + 48 + 2 * i) >> 12 << 4 * i;
        }
        float d = Float.float16ToFloat((short) half);
        for (int i = 0; i < 32; i++) {
            int scales = Bits.unsigned16(b, at + 48 + i / 8 * 2);
            float scale = d * (2 * (scales >> i / 2 % 4 * 3 & 7) + 1);
            int rest = Bits.nibble(b, at + 32 + i / 2, i % 2 * 4);
            int index = b[at + i] & 0xFF | (rest & 7) << 8;
            shifted(index, scale, (rest & 8) == 0 ? EIGHTH : -EIGHTH, y, to + i * 8);
        }
    }

    /** Seven signs and the eighth that makes the number of minuses even. */
    private static int signs(int seven) {
        return seven | (Integer.bitCount(seven) & 1) << 7;
    }

    private static void signed(Grid grid, int index, int count, int signs, float scale, float[] y, int to) {
        float[] coordinates = grid.coordinates();
        int from = grid.at(index);
        for (int i = 0; i < count; i++) {
            float value = scale * coordinates[from + i];
            y[to + i] = (signs >> i & 1) == 0 ? value : -value;
        }
    }

    private static void shifted(int index, float scale, float shift, float[] y, int to) {
        float[] coordinates = Grid.IQ1.coordinates();
        int from = Grid.IQ1.at(index);
        for (int i = 0; i < 8; i++) {
            y[to + i] = scale * (coordinates[from + i] + shift);
        }
    }
}

package io.shiftadd.format.ggml;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** A quantized type: so many elements in a block of so many bytes. Named as in ggml. */
public enum BlockFormat {
    Q4_0(32, 18, PlainBlocks::q4WithoutMinimum),
    Q4_1(32, 20, PlainBlocks::q4WithMinimum),
    Q5_0(32, 22, PlainBlocks::q5WithoutMinimum),
    Q5_1(32, 24, PlainBlocks::q5WithMinimum),
    Q8_0(32, 34, PlainBlocks::q8),
    Q8_1(32, 36, PlainBlocks::q8WithSum),
    Q2_K(256, 84, SuperBlocks::q2),
    Q3_K(256, 110, SuperBlocks::q3),
    Q4_K(256, 144, SuperBlocks::q4),
    Q5_K(256, 176, SuperBlocks::q5),
    Q6_K(256, 210, SuperBlocks::q6),
    Q8_K(256, 292, SuperBlocks::q8),
    IQ1_S(256, 50, GridBlocks::iq1Small),
    IQ1_M(256, 56, GridBlocks::iq1Medium),
    IQ2_XXS(256, 66, GridBlocks::iq2Smallest),
    IQ2_XS(256, 74, GridBlocks::iq2Smaller),
    IQ2_S(256, 82, GridBlocks::iq2Small),
    IQ3_XXS(256, 98, GridBlocks::iq3Smallest),
    IQ3_S(256, 110, GridBlocks::iq3Small),
    IQ4_NL(32, 18, CodeBookBlocks::iq4),
    IQ4_XS(256, 136, CodeBookBlocks::iq4Smaller),
    TQ1_0(256, 54, TernaryBlocks::tq1),
    TQ2_0(256, 66, TernaryBlocks::tq2),
    /** Of BitNet's own files: without the scale, which all blocks of a tensor share. */
    I2_S(128, 32, TernaryBlocks::i2),
    MXFP4(32, 17, CodeBookBlocks::mxfp4),
    NVFP4(64, 36, CodeBookBlocks::nvfp4);

    /** Bytes that are taken from the file at a time, so that they are decoded where they are still cached. */
    private static final int PIECE = 1 << 13;

    private static final ThreadLocal<byte[]> BUFFER = ThreadLocal.withInitial(() -> new byte[PIECE]);

    private final int elements;
    private final int bytes;
    private final BlockDecoder decoder;

    BlockFormat(int elements, int bytes, BlockDecoder decoder) {
        this.elements = elements;
        this.bytes = bytes;
        this.decoder = decoder;
    }

    /** Elements of a block. */
    public int elements() {
        return elements;
    }

    /** Bytes of a block. */
    public int bytes() {
        return bytes;
    }

    /**
     * Expands consecutive blocks.
     *
     * @param blocks from {@code from} on, whole blocks of this format
     * @param count of blocks
     * @param target overwritten from {@code offset} on with {@code count·elements()} values
     */
    public void decode(MemorySegment blocks, long from, int count, float[] target, int offset) {
        byte[] buffer = BUFFER.get();
        int perPiece = PIECE / bytes;
        for (int done = 0; done < count; done += perPiece) {
            int now = Math.min(perPiece, count - done);
            MemorySegment.copy(blocks, JAVA_BYTE, from + (long) done * bytes, buffer, 0, now * bytes);
            for (int i = 0; i < now; i++) {
                decoder.decode(buffer, i * bytes, target, offset + (done + i) * elements);
            }
        }
    }
}

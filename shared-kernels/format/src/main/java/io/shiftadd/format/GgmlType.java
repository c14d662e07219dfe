package io.shiftadd.format;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Element types of GGUF that are read. A block of elements is the smallest unit of a quantized type. */
enum GgmlType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q8_0(8, 32, 34),
    BF16(30, 1, 2);

    /** Names of the others, for the message that rejects them. */
    private static final Map<Integer, String> UNSUPPORTED = Map.ofEntries(
            Map.entry(3, "Q4_1"),
            Map.entry(6, "Q5_0"),
            Map.entry(7, "Q5_1"),
            Map.entry(9, "Q8_1"),
            Map.entry(10, "Q2_K"),
            Map.entry(11, "Q3_K"),
            Map.entry(12, "Q4_K"),
            Map.entry(13, "Q5_K"),
            Map.entry(14, "Q6_K"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"));

    private static final Map<Integer, GgmlType> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toMap(type -> type.code, Function.identity()));

    private final int code;
    private final int blockElements;
    private final int blockBytes;

    GgmlType(int code, int blockElements, int blockBytes) {
        this.code = code;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    static Optional<GgmlType> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    static String describe(int code) {
        return UNSUPPORTED.getOrDefault(code, "number " + Integer.toUnsignedString(code));
    }

    int blockElements() {
        return blockElements;
    }

    int blockBytes() {
        return blockBytes;
    }

    /** The same type in safetensors; empty for quantized ones. */
    Optional<DType> plain() {
        return switch (this) {
            case F32 -> Optional.of(DType.F32);
            case F16 -> Optional.of(DType.F16);
            case BF16 -> Optional.of(DType.BF16);
            case Q4_0, Q8_0 -> Optional.empty();
        };
    }

    /**
     * Expands blocks to float32: w = d·q, with d a float16 at the start of each block, q a signed byte (Q8_0), or a
     * nibble less 8, the low nibbles of the block's 16 bytes first (Q4_0). Source: ggml-quants.c.
     *
     * @param blocks whole blocks of this quantized type
     * @param target float32, little-endian, as many as the blocks hold
     */
    void dequantize(MemorySegment blocks, MemorySegment target) {
        long count = blocks.byteSize() / blockBytes;
        for (long block = 0; block < count; block++) {
            long from = block * blockBytes;
            long to = block * blockElements * Float.BYTES;
            float scale = Float.float16ToFloat(blocks.get(TensorView.SHORT, from));
            if (this == Q8_0) {
                for (int i = 0; i < blockElements; i++) {
                    target.set(TensorView.FLOAT, to + 4L * i, scale * blocks.get(JAVA_BYTE, from + 2 + i));
                }
            } else {
                int half = blockElements / 2;
                for (int i = 0; i < half; i++) {
                    byte pair = blocks.get(JAVA_BYTE, from + 2 + i);
                    target.set(TensorView.FLOAT, to + 4L * i, scale * ((pair & 0xF) - 8));
                    target.set(TensorView.FLOAT, to + 4L * (i + half), scale * ((pair >> 4 & 0xF) - 8));
                }
            }
        }
    }
}

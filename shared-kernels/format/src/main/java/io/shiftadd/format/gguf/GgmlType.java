package io.shiftadd.format.gguf;

import io.shiftadd.format.DType;
import io.shiftadd.format.ggml.BlockFormat;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Element types of GGUF by their codes: plain ones, which safetensors has too, and those of quantized blocks. */
public enum GgmlType {
    F32(0, DType.F32),
    F16(1, DType.F16),
    Q4_0(2, BlockFormat.Q4_0),
    Q4_1(3, BlockFormat.Q4_1),
    Q5_0(6, BlockFormat.Q5_0),
    Q5_1(7, BlockFormat.Q5_1),
    Q8_0(8, BlockFormat.Q8_0),
    Q8_1(9, BlockFormat.Q8_1),
    Q2_K(10, BlockFormat.Q2_K),
    Q3_K(11, BlockFormat.Q3_K),
    Q4_K(12, BlockFormat.Q4_K),
    Q5_K(13, BlockFormat.Q5_K),
    Q6_K(14, BlockFormat.Q6_K),
    Q8_K(15, BlockFormat.Q8_K),
    IQ2_XXS(16, BlockFormat.IQ2_XXS),
    IQ2_XS(17, BlockFormat.IQ2_XS),
    IQ3_XXS(18, BlockFormat.IQ3_XXS),
    IQ1_S(19, BlockFormat.IQ1_S),
    IQ4_NL(20, BlockFormat.IQ4_NL),
    IQ3_S(21, BlockFormat.IQ3_S),
    IQ2_S(22, BlockFormat.IQ2_S),
    IQ4_XS(23, BlockFormat.IQ4_XS),
    I8(24, DType.I8),
    I16(25, DType.I16),
    I32(26, DType.I32),
    I64(27, DType.I64),
    F64(28, DType.F64),
    IQ1_M(29, BlockFormat.IQ1_M),
    BF16(30, DType.BF16),
    TQ1_0(34, BlockFormat.TQ1_0),
    TQ2_0(35, BlockFormat.TQ2_0),
    I2_S(36, BlockFormat.I2_S),
    MXFP4(39, BlockFormat.MXFP4),
    NVFP4(40, BlockFormat.NVFP4);

    /** Types that ggml or a fork of it has or had, for the message that rejects them. */
    private static final Map<Integer, String> OTHERS = Map.ofEntries(
            Map.entry(4, "Q4_2"),
            Map.entry(5, "Q4_3"),
            Map.entry(31, "Q4_0_4_4"),
            Map.entry(32, "Q4_0_4_8"),
            Map.entry(33, "Q4_0_8_8"),
            Map.entry(37, "IQ4_NL_4_8"),
            Map.entry(38, "IQ4_NL_8_8 or, in files of BitNet, TL1"),
            Map.entry(41, "Q1_0"));

    private static final Map<Integer, GgmlType> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toMap(type -> type.code, Function.identity()));

    private final int code;
    private final @Nullable DType plain;
    private final @Nullable BlockFormat blocks;

    GgmlType(int code, DType plain) {
        this.code = code;
        this.plain = plain;
        this.blocks = null;
    }

    GgmlType(int code, BlockFormat blocks) {
        this.code = code;
        this.plain = null;
        this.blocks = blocks;
    }

    public static Optional<GgmlType> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** What a type that is not read is called. */
    static String describe(int code) {
        String name = OTHERS.get(code);
        String number = Integer.toUnsignedString(code);
        return name == null ? "number " + number + ", which is unknown" : name + " (number " + number + ")";
    }

    int code() {
        return code;
    }

    int blockElements() {
        return blocks == null ? 1 : blocks.elements();
    }

    int blockBytes() {
        if (blocks != null) {
            return blocks.bytes();
        }
        return plain == null ? 0 : plain.bytes();
    }

    /** Bytes behind a tensor's blocks: of {@link #I2_S}, its scale and what fills it up. */
    public int tailBytes() {
        return this == I2_S ? 32 : 0;
    }

    /** The same type in safetensors; empty for quantized ones. */
    public Optional<DType> plain() {
        return Optional.ofNullable(plain);
    }

    /** How blocks of this type are expanded; empty for plain ones. */
    public Optional<BlockFormat> blocks() {
        return Optional.ofNullable(blocks);
    }
}

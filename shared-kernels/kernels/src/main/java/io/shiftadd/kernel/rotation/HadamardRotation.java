package io.shiftadd.kernel.rotation;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * The unnormalised randomized block-diagonal Walsh–Hadamard transform {@code v' = H·D·v}: additions only.
 *
 * <p>{@code D} is a diagonal of signs, {@code H} has {@code width / blockSize} Hadamard matrices of Sylvester's order
 * on its diagonal, entries ±1. {@code blockSize} is a power of two that divides {@code width}; 1 leaves only the
 * signs. Since {@code HᵀH = blockSize·I}, a layer {@code W} is served rotated as {@code W' = W·D·Hᵀ/blockSize} with
 * {@code W·x = W'·(H·D·x)}; on the output side {@code W'' = H·D·W'/blockSize} and {@code y = D·Hᵀ·y''}: the factor is
 * a power of two and goes into the scales.
 *
 * <p>{@code signBits[k / 8]} bit {@code k % 8} is set where {@code D[k] = −1}.
 *
 * <p>Results are the same, bit for bit, whatever vector length computes them. Source: QuIP# (Tseng et al., 2024),
 * section 3, without the normalisation; deviation: blocks where the width is no power of two.
 */
public record HadamardRotation(int width, int blockSize, byte[] signBits) {

    public HadamardRotation {
        Objects.requireNonNull(signBits, "signBits");
        if (width < 1 || blockSize < 1 || Integer.bitCount(blockSize) != 1 || width % blockSize != 0) {
            throw new IllegalArgumentException("blocks of " + blockSize + " do not rotate a vector of " + width
                    + ": the block is a power of two that divides the width, at most " + largestBlock(width));
        }
        if (signBits.length != Math.ceilDiv(width, 8)) {
            throw new IllegalArgumentException("the signs of a vector of " + width + " take " + Math.ceilDiv(width, 8)
                    + " bytes, not " + signBits.length);
        }
    }

    /** Random signs and the largest blocks possible. */
    public static HadamardRotation random(int width, long seed) {
        return random(width, largestBlock(width), seed);
    }

    /** Random signs; the same seed gives the same signs on every machine. */
    public static HadamardRotation random(int width, int blockSize, long seed) {
        byte[] signs = new byte[Math.ceilDiv(width, 8)];
        new SplittableRandom(seed).nextBytes(signs);
        if (width % 8 != 0) {
            // Bits beyond the width stay clear, so that equal rotations have equal bytes.
            signs[signs.length - 1] &= (byte) ((1 << width % 8) - 1);
        }
        return new HadamardRotation(width, blockSize, signs);
    }

    /** The largest power of two that divides {@code width}. */
    public static int largestBlock(int width) {
        return Integer.lowestOneBit(width);
    }

    /** +1 or −1, {@code D[k]}. */
    public float sign(int k) {
        return (signBits[k >> 3] >> (k & 7) & 1) != 0 ? -1f : 1f;
    }

    /** {@code v ← H·D·v} in place for the vector of {@link #width()} floats at {@code offset}. */
    public void apply(float[] vector, int offset) {
        Rotators.active().rotate(this, vector, offset);
    }

    /** {@code v ← D·Hᵀ·v} in place; {@code applyTransposed(apply(v)) = blockSize·v}. */
    public void applyTransposed(float[] vector, int offset) {
        Rotators.active().rotateBack(this, vector, offset);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HadamardRotation rotation
                && width == rotation.width
                && blockSize == rotation.blockSize
                && Arrays.equals(signBits, rotation.signBits);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + blockSize) + Arrays.hashCode(signBits);
    }
}

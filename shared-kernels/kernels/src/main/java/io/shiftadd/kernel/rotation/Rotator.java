package io.shiftadd.kernel.rotation;

/** Applies a {@link HadamardRotation} to one vector, in place. */
public interface Rotator {

    /** {@code v ← H·D·v}. */
    void rotate(HadamardRotation rotation, float[] vector, int offset);

    /** {@code v ← D·Hᵀ·v}. */
    void rotateBack(HadamardRotation rotation, float[] vector, int offset);
}

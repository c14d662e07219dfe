package io.shiftadd.quantize.reparameterization;

/**
 * What a layer aims at.
 *
 * <p>A layer sees inputs X that the layers before it, already reparameterized, have distorted. With {@link #original()}
 * its target is not W but the matrix whose outputs on X come nearest to those of the original model,
 * {@code W·X_o ≈ W*·X}: {@code W* = W + (W·(X_o − X)·Xᵀ)·(X·Xᵀ + d·I)⁻¹}, d = {@code damping}·mean(diag(XXᵀ)). Where
 * the output is added to the hidden state h, the difference {@code h_o − h} that the layers before have left is part of
 * what is wanted.
 *
 * @param original whether the original model's activations are aimed at
 * @param damping how far the target may leave W; less leaves further
 */
public record Targets(boolean original, double damping) {

    /** The paper's: W itself. */
    public static final Targets WEIGHTS = new Targets(false, 0);

    /** The original model's activations. */
    public static Targets ofOriginal(double damping) {
        return new Targets(true, damping);
    }

    public Targets {
        if (!(damping >= 0)) {
            throw new IllegalArgumentException("a damping is not negative, which " + damping + " is");
        }
    }
}

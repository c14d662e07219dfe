package io.shiftadd.quantize.reparameterization;

/**
 * What a layer aims at.
 *
 * <p>A layer sees inputs X that the layers before it, already reparameterized, have distorted. With {@link #original()}
 * its target is not W but the matrix whose outputs on X come nearest to those of the original model,
 * {@code W·X_o ≈ W*·X}: {@code W* = W + (W·(X_o − X)·Xᵀ)·(X·Xᵀ + d·I)⁻¹}, d = {@code inputDamping}·mean(diag(XXᵀ)). Where the
 * output is added to the hidden state h, the difference {@code h_o − h} that the layers before have left is part of what
 * is wanted, damped by {@code residualDamping}.
 *
 * @param original whether the original model's activations are aimed at
 * @param inputDamping how far the target may leave W to make up for distorted inputs; less leaves further
 * @param residualDamping as much for differences of the hidden state; infinite leaves them alone
 */
public record Targets(boolean original, double inputDamping, double residualDamping) {

    /** The paper's: W itself. */
    public static final Targets WEIGHTS = new Targets(false, 0, Double.POSITIVE_INFINITY);

    /** The original model's activations. */
    public static Targets ofOriginal(double inputDamping, double residualDamping) {
        return new Targets(true, inputDamping, residualDamping);
    }

    public Targets {
        if (!(inputDamping >= 0) || !(residualDamping >= 0)) {
            throw new IllegalArgumentException(
                    "dampings are not negative, which " + inputDamping + " or " + residualDamping + " is");
        }
    }
}

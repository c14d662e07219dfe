package io.shiftadd.quantize.reparameterization;

/**
 * What follows the error push: {@code passes} times the scales are solved under the Hessian with the signs fixed, then
 * the signs descend for up to {@code sweeps} sweeps with the scales fixed.
 */
public record Refinement(int passes, int sweeps) {

    /** The paper's method: nothing after the push. */
    public static final Refinement NONE = new Refinement(0, 0);

    public Refinement {
        if (passes < 0 || sweeps < 0) {
            throw new IllegalArgumentException(
                    "a refinement has no fewer than 0 passes and sweeps, not " + passes + " and " + sweeps);
        }
    }
}

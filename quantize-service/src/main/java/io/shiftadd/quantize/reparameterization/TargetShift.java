package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * How far the targets of layers that share an input lie from their weights, see {@link Targets}:
 * {@code W* − W = W·C·(H + d·I)⁻¹ + R·(H + d'·I)⁻¹}. Double up to the product with W.
 *
 * @param ofInputs {@code C·(H + d·I)⁻¹}, {@code [K, K]}, or null
 * @param ofResidual {@code R·(H + d'·I)⁻¹}, {@code [N, K]}, or null
 */
record TargetShift(float @Nullable [] ofInputs, float @Nullable [] ofResidual) {

    static TargetShift of(InputMoments moments, double[] hessian, int inputs, Targets targets, KernelContext context) {
        double[] shift = moments.shift();
        double[] residual = moments.residual();
        float[][] solved = new float[2][];
        context.parallelFor(solved.length, (i, _) -> {
            if (i == 0 && shift != null) {
                solved[i] = solved(hessian, inputs, targets.inputDamping(), shift);
            } else if (i == 1 && residual != null) {
                solved[i] = solved(hessian, inputs, targets.residualDamping(), residual);
            }
        });
        return new TargetShift(solved[0], solved[1]);
    }

    private static float[] solved(double[] hessian, int inputs, double damping, double[] right) {
        double[] damped = hessian.clone();
        double trace = 0;
        for (int k = 0; k < inputs; k++) {
            trace += hessian[k * inputs + k];
        }
        // The smallest share keeps inputs that are always zero from making the matrix singular.
        double added = Math.max(damping, 1e-9) * trace / inputs;
        for (int k = 0; k < inputs; k++) {
            damped[k * inputs + k] += added > 0 ? added : 1;
        }
        NativeAlgebra.solve(damped, inputs, right, right.length / inputs);
        float[] solution = new float[right.length];
        for (int i = 0; i < right.length; i++) {
            solution[i] = (float) right[i];
        }
        return solution;
    }

    /** The target of a layer with these weights {@code [N, K]}. */
    float[] apply(float[] weights, int outputs, int inputs) {
        float[] target = weights.clone();
        if (ofInputs != null) {
            NativeAlgebra.multiply(
                    false,
                    false,
                    outputs,
                    inputs,
                    inputs,
                    1,
                    new Matrix(weights, 0, inputs),
                    new Matrix(ofInputs, 0, inputs),
                    1,
                    new Matrix(target, 0, inputs));
        }
        if (ofResidual != null) {
            for (int i = 0; i < target.length; i++) {
                target[i] += ofResidual[i];
            }
        }
        return target;
    }
}

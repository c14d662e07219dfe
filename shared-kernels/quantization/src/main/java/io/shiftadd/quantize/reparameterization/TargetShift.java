package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Factorized;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the targets of layers that share an input lie from their weights, see {@link Targets}:
 * {@code W* − W = (W·C + R)·(H + d·I)⁻¹}, with C and R as in {@link InputMoments}, of which one is there. Float: the
 * damping keeps the system well-conditioned.
 *
 * <p>No row of W* is further from its row of W than that is long (or than rows are in the mean): where inputs are so
 * small that an output's error cannot be made up for by them, the weights would grow without bound, and any input that
 * the calibration did not show would be multiplied by as much. A shorter step in the same direction is always nearer to
 * the target than none.
 *
 * @param ofInputs C, {@code [K, K]}, or null
 * @param ofResidual R, {@code [N, K]}, or null
 * @param damped {@code H + d·I}, {@code [K, K]}
 */
record TargetShift(int inputs, float @Nullable [] ofInputs, float @Nullable [] ofResidual, float[] damped) {

    private static final int ROWS_A_CHUNK = 128;

    /**
     * Largest distance of a row of W* from W in lengths of the row. Rows of models whose layers all count stay below.
     */
    private static final double MOST_SHIFT = 1;

    static TargetShift of(InputMoments moments, double[] hessian, int inputs, Targets targets) {
        float[] shift = moments.shift();
        float[] residual = moments.residual();
        return new TargetShift(
                inputs,
                shift,
                residual,
                shift == null && residual == null ? new float[0] : damped(hessian, inputs, targets.damping()));
    }

    private static float[] damped(double[] hessian, int inputs, double damping) {
        double trace = 0;
        for (int k = 0; k < inputs; k++) {
            trace += hessian[k * inputs + k];
        }
        float[] damped = new float[hessian.length];
        for (int i = 0; i < damped.length; i++) {
            damped[i] = (float) hessian[i];
        }
        // The smallest share keeps inputs that are always zero from making the matrix singular.
        double added = Math.max(damping, 1e-6) * trace / inputs;
        for (int k = 0; k < inputs; k++) {
            damped[k * inputs + k] += added > 0 ? (float) added : 1;
        }
        return damped;
    }

    /** The targets of layers with these weights, {@code [N, K]} each. */
    List<float[]> apply(List<float[]> weights, KernelContext context) {
        List<float[]> targets = new ArrayList<>();
        weights.forEach(matrix -> targets.add(matrix.clone()));
        if (damped.length == 0) {
            return targets;
        }
        try (Factorized system = Factorized.of(damped, inputs)) {
            for (int i = 0; i < targets.size(); i++) {
                shift(weights.get(i), targets.get(i), system, context);
            }
        }
        return targets;
    }

    private void shift(float[] weights, float[] target, Factorized system, KernelContext context) {
        int outputs = weights.length / inputs;
        double mean = length(weights, 0, weights.length) / Math.sqrt(Math.max(1, outputs));
        context.parallelFor(Math.ceilDiv(outputs, ROWS_A_CHUNK), (chunk, _) -> {
            int from = chunk * ROWS_A_CHUNK;
            int rows = Math.min(ROWS_A_CHUNK, outputs - from);
            float[] missing = new float[rows * inputs];
            if (ofResidual != null) {
                System.arraycopy(ofResidual, from * inputs, missing, 0, missing.length);
            }
            if (ofInputs != null) {
                NativeAlgebra.multiply(
                        false,
                        false,
                        rows,
                        inputs,
                        inputs,
                        1,
                        new Matrix(weights, from * inputs, inputs),
                        new Matrix(ofInputs, 0, inputs),
                        1,
                        new Matrix(missing, 0, inputs));
            }
            system.solve(missing, 0, rows);
            for (int row = 0; row < rows; row++) {
                int at = (from + row) * inputs;
                double most = MOST_SHIFT * Math.max(mean, length(weights, at, inputs));
                add(missing, row * inputs, most, target, at);
            }
        });
    }

    /** Adds a row that is made no longer than {@code most}. */
    private void add(float[] shift, int from, double most, float[] target, int to) {
        double length = length(shift, from, inputs);
        if (length > most) {
            float share = (float) (most / length);
            for (int i = 0; i < inputs; i++) {
                target[to + i] += share * shift[from + i];
            }
            return;
        }
        for (int i = 0; i < inputs; i++) {
            target[to + i] += shift[from + i];
        }
    }

    private static double length(float[] values, int from, int count) {
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += (double) values[from + i] * values[from + i];
        }
        return Math.sqrt(squares);
    }
}

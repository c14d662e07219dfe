package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;

/**
 * How far a served matrix Ŵ is from the original, W.
 *
 * @param weightError {@code mean((Ŵ − W)²)}
 * @param relativeOutputError {@code tr(ΔHΔᵀ)/tr(WHWᵀ)}, Δ = Ŵ less the fit's target
 */
record OutputError(double weightError, double relativeOutputError) {

    private static final int ROWS_A_CHUNK = 64;

    /**
     * @param served Ŵ, {@code [N, K]}
     * @param hessian {@code [K, K]}
     */
    static OutputError of(float[] served, LayerProblem problem, float[] hessian, KernelContext context) {
        double squares = 0;
        float[] missed = new float[served.length];
        for (int i = 0; i < served.length; i++) {
            double difference = (double) served[i] - problem.weights()[i];
            squares += difference * difference;
            missed[i] = served[i] - problem.target()[i];
        }
        double error = energy(missed, problem, hessian, context);
        double whole = energy(problem.weights(), problem, hessian, context);
        return new OutputError(squares / served.length, whole > 0 ? error / whole : 0);
    }

    /** {@code tr(M·H·Mᵀ)}. */
    private static double energy(float[] matrix, LayerProblem problem, float[] hessian, KernelContext context) {
        int inputs = problem.inputs();
        double[] ofRow = new double[problem.outputs()];
        context.parallelFor(Math.ceilDiv(problem.outputs(), ROWS_A_CHUNK), (chunk, _) -> {
            int from = chunk * ROWS_A_CHUNK;
            int rows = Math.min(ROWS_A_CHUNK, problem.outputs() - from);
            float[] product = new float[rows * inputs];
            NativeAlgebra.multiply(
                    false,
                    false,
                    rows,
                    inputs,
                    inputs,
                    1,
                    new Matrix(matrix, from * inputs, inputs),
                    new Matrix(hessian, 0, inputs),
                    0,
                    new Matrix(product, 0, inputs));
            for (int i = 0; i < product.length; i++) {
                ofRow[from + i / inputs] += (double) product[i] * matrix[from * inputs + i];
            }
        });
        double sum = 0;
        for (double row : ofRow) {
            sum += row;
        }
        return sum;
    }
}

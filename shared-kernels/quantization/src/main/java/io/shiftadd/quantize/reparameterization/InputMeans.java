package io.shiftadd.quantize.reparameterization;

import org.jspecify.annotations.Nullable;

/**
 * Means over the calibration tokens that a layer's bias makes up for, so that what it puts out is right on average:
 * {@code b' = b + (W − Ŵ)·x + W·(x_o − x) + m}, all in their means, with x the inputs as reparameterized, x_o those of
 * the original model and m what else is missing of the outputs.
 *
 * @param x {@code [K]}
 * @param shift {@code x_o − x}, {@code [K]}, or empty where it is not known or part of m
 * @param missing m, {@code [N]}, or empty where it is not known
 */
record InputMeans(double[] x, double[] shift, double[] missing) {

    /**
     * The bias that goes with the served weights.
     *
     * @param served Ŵ, {@code [N, K]}
     */
    float[] bias(LayerProblem problem, float[] served) {
        int inputs = problem.inputs();
        float @Nullable [] before = problem.bias();
        float[] bias = new float[problem.outputs()];
        for (int n = 0; n < bias.length; n++) {
            double sum = (before == null ? 0 : before[n]) + (missing.length == 0 ? 0 : missing[n]);
            for (int k = 0; k < inputs; k++) {
                double weight = problem.weights()[n * inputs + k];
                sum += (weight - served[n * inputs + k]) * x[k] + (shift.length == 0 ? 0 : weight * shift[k]);
            }
            bias[n] = (float) sum;
        }
        return bias;
    }
}

package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import java.util.Random;

/** A random layer with correlated inputs, as layers have them. */
record LayerCase(LayerProblem problem, double[] hessian) {

    static LayerCase random(int outputs, int inputs, int bits, long seed) {
        Random random = new Random(seed);
        float[] weights = new float[outputs * inputs];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (random.nextGaussian() * (1 + i % inputs % 5) * (1 + i / inputs % 3) / 20);
        }
        int tokens = 4 * inputs;
        double[] hessian = new double[inputs * inputs];
        double[] x = new double[inputs];
        for (int t = 0; t < tokens; t++) {
            double common = random.nextGaussian();
            for (int k = 0; k < inputs; k++) {
                x[k] = (random.nextGaussian() + common) * (1 + k % 7);
            }
            for (int i = 0; i < inputs; i++) {
                for (int j = 0; j < inputs; j++) {
                    hessian[i * inputs + j] += x[i] * x[j] / tokens;
                }
            }
        }
        LayerProblem problem = new LayerProblem("layer", outputs, inputs, bits, weights, weights, null);
        return new LayerCase(problem, hessian);
    }

    InputStatistics statistics(ReparameterizationSettings settings, KernelContext context) {
        return InputStatistics.of("inputs", hessian, null, problem.inputs(), settings, context);
    }

    /** {@code tr(ΔHΔᵀ)/tr(WHWᵀ)} in double. */
    double relativeOutputError(float[] served) {
        float[] difference = new float[served.length];
        for (int i = 0; i < served.length; i++) {
            difference[i] = served[i] - problem.weights()[i];
        }
        return energy(difference) / energy(problem.weights());
    }

    double energy(float[] matrix) {
        int inputs = problem.inputs();
        double sum = 0;
        for (int n = 0; n < problem.outputs(); n++) {
            for (int i = 0; i < inputs; i++) {
                for (int j = 0; j < inputs; j++) {
                    sum += (double) matrix[n * inputs + i] * hessian[i * inputs + j] * matrix[n * inputs + j];
                }
            }
        }
        return sum;
    }
}

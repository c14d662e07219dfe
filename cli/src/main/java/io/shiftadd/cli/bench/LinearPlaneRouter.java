package io.shiftadd.cli.bench;

/**
 * One linear layer: {@code w·x + v·ln ‖x‖² + c}. The length is there because what is left out grows with it, and it is
 * no linear function of x.
 *
 * @param weights {@code [inputs + 2]}: of x, of its length, the constant
 */
record LinearPlaneRouter(double[] weights) implements PlaneRouter {

    /** Added to the squares of each feature, of which there is one a token: features have a variance of 1. */
    private static final double RIDGE = 0.01;

    private static final int MOST_STEPS = 200;
    private static final double SOLVED = 1e-10;

    /**
     * Least squares with a ridge, by conjugate gradients.
     *
     * @param x {@code [tokens, inputs]}
     * @param losses of the tokens
     * @param tokens how many of them are used
     */
    static LinearPlaneRouter fit(float[] x, int inputs, double[] losses, int tokens) {
        int width = inputs + 1;
        double[] features = new double[Math.multiplyExact(tokens, width)];
        for (int t = 0; t < tokens; t++) {
            for (int k = 0; k < inputs; k++) {
                features[t * width + k] = x[t * inputs + k];
            }
            features[t * width + inputs] = logLength(x, t * inputs, inputs);
        }
        double[] means = new double[width];
        double[] scales = new double[width];
        standardize(features, means, scales, tokens);
        double mean = 0;
        for (int t = 0; t < tokens; t++) {
            mean += losses[t] / tokens;
        }
        double[] wanted = new double[tokens];
        for (int t = 0; t < tokens; t++) {
            wanted[t] = losses[t] - mean;
        }
        double[] solution = solve(features, width, wanted);
        double[] weights = new double[width + 1];
        weights[width] = mean;
        for (int k = 0; k < width; k++) {
            weights[k] = solution[k] * scales[k];
            weights[width] -= weights[k] * means[k];
        }
        return new LinearPlaneRouter(weights);
    }

    @Override
    public double loss(float[] x, int fromX, float[] rich, float[] cheap, int fromY) {
        int inputs = weights.length - 2;
        double sum = weights[inputs + 1] + weights[inputs] * logLength(x, fromX, inputs);
        for (int k = 0; k < inputs; k++) {
            sum += weights[k] * x[fromX + k];
        }
        return sum;
    }

    private static double logLength(float[] x, int from, int inputs) {
        double sum = 0;
        for (int k = from; k < from + inputs; k++) {
            sum += (double) x[k] * x[k];
        }
        return Math.log(Math.max(sum, Float.MIN_NORMAL));
    }

    /** @param scales gets what features were multiplied with; 0 for one that is always the same */
    private static void standardize(double[] features, double[] means, double[] scales, int tokens) {
        int width = means.length;
        for (int i = 0; i < features.length; i++) {
            means[i % width] += features[i] / tokens;
        }
        for (int i = 0; i < features.length; i++) {
            features[i] -= means[i % width];
            scales[i % width] += features[i] * features[i] / tokens;
        }
        for (int k = 0; k < width; k++) {
            scales[k] = scales[k] > 0 ? 1 / Math.sqrt(scales[k]) : 0;
        }
        for (int i = 0; i < features.length; i++) {
            features[i] *= scales[i % width];
        }
    }

    /** {@code (FᵀF + ridge·tokens)·w = Fᵀ·wanted}. */
    private static double[] solve(double[] features, int width, double[] wanted) {
        double[] solution = new double[width];
        double[] residual = transposed(features, width, wanted);
        double[] direction = residual.clone();
        double squares = squares(residual);
        double enough = squares * SOLVED;
        for (int step = 0; step < MOST_STEPS && squares > enough; step++) {
            double[] along = transposed(features, width, product(features, width, direction));
            double curvature = 0;
            for (int k = 0; k < width; k++) {
                along[k] += RIDGE * wanted.length * direction[k];
                curvature += along[k] * direction[k];
            }
            double length = squares / curvature;
            for (int k = 0; k < width; k++) {
                solution[k] += length * direction[k];
                residual[k] -= length * along[k];
            }
            double before = squares;
            squares = squares(residual);
            for (int k = 0; k < width; k++) {
                direction[k] = residual[k] + squares / before * direction[k];
            }
        }
        return solution;
    }

    private static double[] product(double[] features, int width, double[] vector) {
        double[] product = new double[features.length / width];
        for (int t = 0; t < product.length; t++) {
            for (int k = 0; k < width; k++) {
                product[t] += features[t * width + k] * vector[k];
            }
        }
        return product;
    }

    private static double[] transposed(double[] features, int width, double[] ofTokens) {
        double[] product = new double[width];
        for (int t = 0; t < ofTokens.length; t++) {
            for (int k = 0; k < width; k++) {
                product[k] += features[t * width + k] * ofTokens[t];
            }
        }
        return product;
    }

    private static double squares(double[] vector) {
        double sum = 0;
        for (double value : vector) {
            sum += value * value;
        }
        return sum;
    }
}

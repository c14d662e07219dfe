package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import java.util.Arrays;

/**
 * A layer's experts, and what routers say of calibration tokens.
 *
 * @param foreseen by the linear router, of all the tokens, ascending
 * @param losses of the tokens, ascending
 * @param correlation of the two over the last quarter of the tokens, which the router was not fitted to
 */
record PlaneRouting(PlaneExperts experts, PlaneRouter linear, double[] foreseen, double[] losses, double correlation) {

    private static final double FITTED = 0.75;

    /** Who chooses a token's expert. */
    enum Choice {
        ROUTER,
        RANDOM,
        ORACLE
    }

    /** @param x {@code [tokens, inputs]} of calibration, of at least two tokens */
    static PlaneRouting of(PlaneExperts plain, float[] x, int tokens, KernelContext context) {
        int inputs = plain.rich().inputs();
        int outputs = plain.rich().outputs();
        float[] rich = outputs(plain.rich(), x, tokens, context);
        PlaneExperts experts =
                plain.compensated(missing(rich, outputs(plain.cheap(), x, tokens, context), tokens, outputs));
        float[] cheap = outputs(experts.cheap(), x, tokens, context);
        double[] losses = new double[tokens];
        Arrays.setAll(losses, t -> PlaneRouter.logSquares(rich, cheap, t * outputs, outputs));
        int fitted = (int) (FITTED * tokens);
        PlaneRouter router = LinearPlaneRouter.fit(x, inputs, losses, fitted);
        double[] foreseen = new double[tokens];
        Arrays.setAll(foreseen, t -> router.loss(x, t * inputs, rich, cheap, t * outputs));
        double correlation = correlation(foreseen, losses, fitted);
        Arrays.sort(foreseen);
        Arrays.sort(losses);
        return new PlaneRouting(experts, router, foreseen, losses, correlation);
    }

    /** @param share of tokens like those of calibration that are to be cheap, 0 to 1 */
    RoutedPlanes layer(Choice choice, double share, long seed, PlaneCount count) {
        return switch (choice) {
            case ROUTER -> new RoutedPlanes(experts, linear, quantile(foreseen, share), count);
            case ORACLE ->
                new RoutedPlanes(experts, PlaneRouter.oracle(experts.rich().outputs()), quantile(losses, share), count);
            case RANDOM -> new RoutedPlanes(experts, PlaneRouter.random(seed), quantileOfEven(share), count);
        };
    }

    private static double quantile(double[] ascending, double share) {
        int below = (int) Math.round(share * ascending.length);
        if (below == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        return below == ascending.length ? Double.POSITIVE_INFINITY : ascending[below - 1];
    }

    private static double quantileOfEven(double share) {
        return share == 0 ? Double.NEGATIVE_INFINITY : share;
    }

    private static float[] outputs(LinearLayer layer, float[] x, int tokens, KernelContext context) {
        float[] y = new float[Math.multiplyExact(tokens, layer.outputs())];
        layer.forward(x, y, tokens, context);
        return y;
    }

    private static float[] missing(float[] rich, float[] cheap, int tokens, int outputs) {
        double[] sums = new double[outputs];
        for (int i = 0; i < tokens * outputs; i++) {
            sums[i % outputs] += (double) rich[i] - cheap[i];
        }
        float[] means = new float[outputs];
        for (int n = 0; n < outputs; n++) {
            means[n] = (float) (sums[n] / tokens);
        }
        return means;
    }

    private static double correlation(double[] a, double[] b, int from) {
        double meanA = Arrays.stream(a, from, a.length).average().orElse(Double.NaN);
        double meanB = Arrays.stream(b, from, b.length).average().orElse(Double.NaN);
        double together = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int t = from; t < a.length; t++) {
            together += (a[t] - meanA) * (b[t] - meanB);
            squaresA += (a[t] - meanA) * (a[t] - meanA);
            squaresB += (b[t] - meanB) * (b[t] - meanB);
        }
        return together / Math.sqrt(squaresA * squaresB);
    }
}

package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;

/**
 * A layer that reads few planes for some tokens and all for the others: what this loses, not how fast it would be. Both
 * experts run for every token, and each token takes the one that the router says.
 *
 * @param threshold tokens that lose no more than this, by the router, are cheap
 * @param count hears how many planes a layer that runs one expert would have read
 */
record RoutedPlanes(PlaneExperts experts, PlaneRouter router, double threshold, PlaneCount count)
        implements LinearLayer {

    @Override
    public int inputs() {
        return experts.rich().inputs();
    }

    @Override
    public int outputs() {
        return experts.rich().outputs();
    }

    @Override
    public long weightBytes() {
        return experts.rich().weightBytes();
    }

    @Override
    public void forward(float[] x, float[] y, int tokens, KernelContext context) {
        int outputs = outputs();
        float[] cheap = new float[Math.multiplyExact(tokens, outputs)];
        experts.rich().forward(x, y, tokens, context);
        experts.cheap().forward(x, cheap, tokens, context);
        long planes = 0;
        for (int t = 0; t < tokens; t++) {
            if (router.loss(x, t * inputs(), y, cheap, t * outputs) <= threshold) {
                System.arraycopy(cheap, t * outputs, y, t * outputs, outputs);
                planes += experts.cheap().bits();
            } else {
                planes += experts.rich().bits();
            }
        }
        count.add(experts.weights(), tokens, planes);
    }
}

package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A float layer that keeps the gradient it is given. */
final class PlainLayer implements TrainedLinear {

    private final int outputs;
    private final int inputs;
    final float[] weights;
    final float @Nullable [] bias;
    float[] weightGradient = {};
    float @Nullable [] biasGradient;

    PlainLayer(Random random, int outputs, int inputs, boolean biased) {
        this.outputs = outputs;
        this.inputs = inputs;
        weights = GradientCheck.random(random, outputs * inputs, 0.7 / Math.sqrt(inputs) * 1.5);
        bias = biased ? GradientCheck.random(random, outputs, 0.3) : null;
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public float[] weights(KernelContext context) {
        return weights;
    }

    @Override
    public float @Nullable [] bias() {
        return bias;
    }

    @Override
    public boolean trained() {
        return true;
    }

    @Override
    public void gradient(float[] ofWeights, float @Nullable [] ofBias, KernelContext context) {
        weightGradient = Arrays.copyOf(ofWeights, weights.length);
        biasGradient = ofBias == null ? null : ofBias.clone();
    }
}

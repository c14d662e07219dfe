package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import org.jspecify.annotations.Nullable;

/** A linear layer {@code y = x·Wᵀ + b} as the passes see it: its weights in float, and where their gradient goes. */
public interface TrainedLinear {

    int inputs();

    int outputs();

    /** {@code [outputs, inputs]}, good until another layer's are asked for. */
    float[] weights(KernelContext context);

    /** {@code [outputs]}, or null. */
    float @Nullable [] bias();

    /** Whether anybody wants the gradient of the weights and the bias. */
    boolean trained();

    /**
     * @param weights {@code [outputs, inputs]}, the layer's to change, good until it returns
     * @param bias {@code [outputs]}, or null where the layer has none
     */
    void gradient(float[] weights, float @Nullable [] bias, KernelContext context);
}

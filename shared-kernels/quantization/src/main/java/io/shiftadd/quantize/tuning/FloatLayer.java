package io.shiftadd.quantize.tuning;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.quantize.backward.TrainedLinear;
import org.jspecify.annotations.Nullable;

/** A layer of the original: read from its file each time, so that it takes no memory of its own; never trained. */
record FloatLayer(DecoderBlock block, String name, int outputs, int inputs, float @Nullable [] bias)
        implements TrainedLinear {

    @Override
    public boolean trained() {
        return false;
    }

    @Override
    public float[] weights(KernelContext context) {
        return block.weights(name);
    }

    @Override
    public void gradient(float[] weights, float @Nullable [] ofBias, KernelContext context) {
        throw new UnsupportedOperationException("the original is not trained");
    }
}

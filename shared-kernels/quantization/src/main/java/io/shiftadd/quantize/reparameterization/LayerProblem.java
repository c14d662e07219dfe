package io.shiftadd.quantize.reparameterization;

import org.jspecify.annotations.Nullable;

/**
 * One layer to fit.
 *
 * @param name as {@link io.shiftadd.model.DecoderBlock#linearNames()} gives it
 * @param outputs N
 * @param inputs K
 * @param bits a weight
 * @param weights as the checkpoint has them, {@code [N, K]} row-major
 * @param target the matrix to come near to, {@code [N, K]}; the weights themselves or see {@link Targets}
 * @param bias that the served layer adds, {@code [N]}
 */
record LayerProblem(
        String name, int outputs, int inputs, int bits, float[] weights, float[] target, float @Nullable [] bias) {

    LayerProblem withBias(float[] value) {
        return new LayerProblem(name, outputs, inputs, bits, weights, target, value);
    }
}

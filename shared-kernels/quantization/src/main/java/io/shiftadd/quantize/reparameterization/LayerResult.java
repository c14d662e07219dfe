package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.LinearLayer;

/**
 * One reparameterized layer and how far it is from the original.
 *
 * @param layer its name, as {@link io.shiftadd.model.DecoderBlock#linearNames()} gives it
 * @param bits bits a weight
 * @param weightError mean squared difference of the weights, Ŵ against W
 *  @param relativeOutputError {@code tr(ΔHΔᵀ)/tr(WHWᵀ)} under the Hessian of the layer's inputs, Δ = Ŵ less what the
 *     fit aimed at, see {@link Targets}
 * @param proxyLoss what the error push minimises, {@code Σ e²/2}; 0 for methods that push nothing
 * @param sensitivity the criterion {@code ‖IS‖_F·std(IS)²}, IS = W / diag(U); NaN where no Hessian was made
 * @param seconds of wall-clock time for the fit alone
 * @param served the layer as it is served
 */
public record LayerResult(
        String layer,
        int inputs,
        int outputs,
        int bits,
        double weightError,
        double relativeOutputError,
        double proxyLoss,
        double sensitivity,
        double seconds,
        LinearLayer served) {}

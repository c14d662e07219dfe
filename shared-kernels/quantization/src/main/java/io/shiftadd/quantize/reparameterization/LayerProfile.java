package io.shiftadd.quantize.reparameterization;

import io.shiftadd.quantize.allocation.KendallTau;
import io.shiftadd.quantize.allocation.LayerChoices;
import io.shiftadd.quantize.allocation.LayerChoices.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;

/**
 * What each bit-width would do to a layer, measured on the original model.
 *
 * @param layer its name
 * @param weights N·K
 * @param sensitivity the criterion that predicts it cheaply, see {@link LayerResult#sensitivity()}
 * @param measured by bits
 */
public record LayerProfile(String layer, long weights, double sensitivity, SortedMap<Integer, Measured> measured) {

    /**
     * @param relativeOutputError as in {@link LayerResult}
     * @param proxyLoss as in {@link LayerResult}
     * @param bytes of the served layer
     */
    public record Measured(double relativeOutputError, double proxyLoss, long bytes) {}

    /**
     * How well the criterion orders the layers: Kendall's τ between it and the loss measured at the fewest bits, which
     * is absolute, as the criterion is: a relative error does not grow with the layer.
     */
    public static double kendallTau(List<LayerProfile> profiles) {
        return KendallTau.of(
                profiles.stream().mapToDouble(LayerProfile::sensitivity).toArray(),
                profiles.stream()
                        .mapToDouble(profile ->
                                profile.measured().firstEntry().getValue().proxyLoss())
                        .toArray());
    }

    /** Choices that cost weights × bits, for a budget of mean bits. */
    public LayerChoices byBits() {
        return choices(false, Measured::relativeOutputError);
    }

    /** Choices that cost bytes of the served layer. */
    public LayerChoices byBytes() {
        return choices(true, Measured::relativeOutputError);
    }

    private LayerChoices choices(boolean bytes, ToDoubleFunction<Measured> error) {
        List<Choice> choices = new ArrayList<>();
        measured.forEach((bits, of) ->
                choices.add(new Choice(bits, bytes ? of.bytes() : weights * bits, error.applyAsDouble(of))));
        return new LayerChoices(layer, choices);
    }
}

package io.shiftadd.quantize.allocation;

import java.util.List;
import java.util.Objects;

/**
 * What one layer may become.
 *
 * @param layer the layer's name
 * @param choices at least one; no two of the same bits
 */
public record LayerChoices(String layer, List<Choice> choices) {

    /**
     * One bit-width for the layer.
     *
     * @param bits bits a weight
     * @param cost what it takes from the budget: weights × bits, or bytes
     * @param error what is added over all layers and minimised; finite, not negative
     */
    public record Choice(int bits, long cost, double error) {
        public Choice {
            if (bits < 1 || cost < 0 || !(error >= 0) || Double.isInfinite(error)) {
                throw new IllegalArgumentException("a choice of " + bits + " bits, cost " + cost + " and error " + error
                        + " cannot be: cost and error are finite and not negative");
            }
        }
    }

    public LayerChoices {
        Objects.requireNonNull(layer, "layer");
        choices = List.copyOf(choices);
        if (choices.isEmpty()) {
            throw new IllegalArgumentException("layer '" + layer + "' has no bit-width to choose from");
        }
        long widths = choices.stream().mapToInt(Choice::bits).distinct().count();
        if (widths != choices.size()) {
            throw new IllegalArgumentException("layer '" + layer + "' offers a bit-width twice");
        }
    }
}

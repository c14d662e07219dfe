package io.shiftadd.model;

import io.shiftadd.kernel.LinearLayer;
import java.util.Map;

/** The place of a linear layer in a block, and the layer in it. */
record LinearSlot(String name, LinearLayer layer, boolean hasBias) {

    /** With the layer of this name, if there is one. */
    LinearSlot with(Map<String, ? extends LinearLayer> layers) {
        LinearLayer other = layers.get(name);
        return other == null ? this : new LinearSlot(name, sameShape(name, layer, other), hasBias);
    }

    /** @throws IllegalArgumentException if the other has not the shape of the one */
    static LinearLayer sameShape(String name, LinearLayer one, LinearLayer other) {
        if (one.inputs() != other.inputs() || one.outputs() != other.outputs()) {
            throw new IllegalArgumentException("'" + name + "' has " + one.outputs() + " outputs and " + one.inputs()
                    + " inputs, its replacement " + other.outputs() + " and " + other.inputs());
        }
        return other;
    }
}

package io.shiftadd.model;

import io.shiftadd.kernel.LinearLayer;

/** The place of a linear layer in a block; the layer in it can be replaced. */
final class LinearSlot {

    private final String name;
    private final boolean hasBias;
    private LinearLayer layer;

    LinearSlot(String name, LinearLayer layer, boolean hasBias) {
        this.name = name;
        this.layer = layer;
        this.hasBias = hasBias;
    }

    String name() {
        return name;
    }

    boolean hasBias() {
        return hasBias;
    }

    LinearLayer layer() {
        return layer;
    }

    void replace(LinearLayer replacement) {
        layer = replacement;
    }
}

package io.shiftadd.quantize.reparameterization;

/** Whether a layer's weights are spread by randomized Walsh–Hadamard transforms, which serving then applies too. */
public enum Incoherence {
    /** Weights as they are. */
    NONE,
    /** Both sides rotated: inputs before the layer, outputs after it; additions only. */
    ROTATED,
    /** Per layer whichever gives the smaller output error. */
    AUTOMATIC
}

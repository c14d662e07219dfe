package io.shiftadd.quantize.reparameterization;

import java.util.List;

/**
 * A reparameterized decoder block.
 *
 * @param block its number, from 0
 * @param layers in execution order
 * @param seconds of wall-clock time, calibration passes included
 */
public record BlockResult(int block, List<LayerResult> layers, double seconds) {
    public BlockResult {
        layers = List.copyOf(layers);
    }
}

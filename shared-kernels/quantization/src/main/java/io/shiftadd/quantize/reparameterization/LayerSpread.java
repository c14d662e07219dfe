package io.shiftadd.quantize.reparameterization;

import io.shiftadd.format.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Has the layers of a stage, which share their inputs, fitted elsewhere: each by a {@link LayerReparameterizer}. */
@FunctionalInterface
public interface LayerSpread {

    /**
     * Returns when all layers are fitted.
     *
     * @param block index of their block, from 0
     * @param stage of the block, from 0
     * @param layers their names
     * @param problem writes to a file what a {@link LayerReparameterizer} has to know
     * @return the file of each layer, in their order; open as long as the block's result is in use
     */
    List<Checkpoint> fit(int block, int stage, List<String> layers, Consumer<Path> problem);
}

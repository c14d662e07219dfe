package io.shiftadd.quantize.job.step;

import io.shiftadd.quantize.reparameterization.LayerSpread;
import java.io.IOException;
import java.util.Map;

/** The layers of a block in work, fitted by the workers of all processes. */
public interface LayerSharing extends LayerSpread {

    /** Who fitted which layer of the block in work, by the layer's name; the others were fitted here. */
    Map<String, String> workers();

    /** Forgets the block in work: its files are complete, what the workers handed in is no longer needed. */
    void discard() throws IOException;
}

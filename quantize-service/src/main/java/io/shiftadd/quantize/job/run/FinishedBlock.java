package io.shiftadd.quantize.job.run;

import io.shiftadd.quantize.reparameterization.LayerResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A block whose files are complete and on the disk, though no row says so yet.
 *
 * @param workers who fitted which layer, where it was not the worker that holds the block
 * @param hiddenSha256 of the hidden states that enter the next block; absent after the last one
 */
public record FinishedBlock(
        int block,
        List<LayerResult> layers,
        Map<String, String> workers,
        String packedSha256,
        @Nullable String hiddenSha256,
        double seconds) {}

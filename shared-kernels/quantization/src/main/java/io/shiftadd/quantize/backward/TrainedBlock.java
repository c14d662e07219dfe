package io.shiftadd.quantize.backward;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A decoder block's shape and parameters.
 *
 * @param projections queries, keys and values, or one layer for all three
 * @param gate null where feed-forward is not gated
 * @param attentionNorm before attention, or after its addition; null for none
 * @param attentionOutputNorm on attention's output, or null
 * @param queryNorm on each head's query before rotation, or null; likewise {@code keyNorm}
 */
public record TrainedBlock(
        BlockShape shape,
        List<TrainedLinear> projections,
        TrainedLinear attentionOutput,
        @Nullable TrainedLinear gate,
        TrainedLinear up,
        TrainedLinear down,
        @Nullable TrainedNorm attentionNorm,
        @Nullable TrainedNorm attentionOutputNorm,
        @Nullable TrainedNorm feedForwardNorm,
        @Nullable TrainedNorm feedForwardOutputNorm,
        @Nullable TrainedNorm queryNorm,
        @Nullable TrainedNorm keyNorm) {

    public TrainedBlock {
        projections = List.copyOf(projections);
        if (projections.size() != 1 && projections.size() != 3) {
            throw new IllegalArgumentException(
                    "queries, keys and values come from 1 or 3 layers, not from " + projections.size());
        }
    }

    /** In the order in which they run. */
    public List<TrainedLinear> linears() {
        List<TrainedLinear> all = new ArrayList<>(projections);
        all.add(attentionOutput);
        if (gate != null) {
            all.add(gate);
        }
        all.add(up);
        all.add(down);
        return all;
    }

    /** Those that there are. */
    public List<TrainedNorm> norms() {
        return Stream.of(attentionNorm, attentionOutputNorm, feedForwardNorm, feedForwardOutputNorm, queryNorm, keyNorm)
                .flatMap(Stream::ofNullable)
                .toList();
    }
}

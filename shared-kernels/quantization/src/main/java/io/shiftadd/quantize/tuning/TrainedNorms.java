package io.shiftadd.quantize.tuning;

import io.shiftadd.model.BlockAnatomy;
import io.shiftadd.model.BlockAnatomy.NamedNorm;
import io.shiftadd.model.DecoderBlock;
import java.util.List;
import java.util.stream.Stream;

/** A block's norms in the order of {@link io.shiftadd.quantize.backward.TrainedBlock#norms()}. */
final class TrainedNorms {

    private TrainedNorms() {}

    static List<NamedNorm> of(DecoderBlock block) {
        BlockAnatomy anatomy = block.anatomy();
        return Stream.of(
                        anatomy.attentionNorm(),
                        anatomy.attentionOutputNorm(),
                        anatomy.feedForwardNorm(),
                        anatomy.feedForwardOutputNorm(),
                        anatomy.queryNorm(),
                        anatomy.keyNorm())
                .flatMap(Stream::ofNullable)
                .toList();
    }
}

package io.shiftadd.registry.job;

import io.shiftadd.registry.model.ModelShape;
import io.shiftadd.registry.model.ModelView;
import java.util.Set;

/** How many weights the linear layers of a model's decoder blocks have, by its shape. */
final class LinearWeights {

    private static final Set<String> WITHOUT_GATE = Set.of("opt", "bloom", "gpt2", "gpt_neox");

    private LinearWeights() {}

    static long of(ModelView model) {
        ModelShape shape = model.shape();
        long attention = 2L * shape.hiddenSize() * shape.headDim() * (shape.heads() + shape.kvHeads());
        long feedForward =
                (WITHOUT_GATE.contains(model.family()) ? 2L : 3L) * shape.hiddenSize() * shape.intermediateSize();
        return shape.layers() * (attention + feedForward);
    }
}

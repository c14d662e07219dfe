package io.shiftadd.quantize.reparameterization;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.Transformer;
import java.nio.file.Path;
import java.util.List;

/**
 * Fits one layer of a stage whose calibration was done elsewhere, from a file and into a file. What comes out is, bit
 * for bit, what {@link BlockReparameterizer} would have made of the layer.
 */
public final class LayerReparameterizer {

    private final Transformer model;
    private final ReparameterizationSettings settings;
    private final KernelContext context;

    /** @param model the original, of which the layer's weights are taken */
    public LayerReparameterizer(Transformer model, ReparameterizationSettings settings, KernelContext context) {
        this.model = model;
        this.settings = settings;
        this.context = context;
    }

    /**
     * @param stage what {@link LayerSpread} was given to write
     * @param layer one of the stage's
     * @param target gets the fitted layer, complete or not at all
     */
    public void reparameterize(Path stage, String layer, Path target) {
        try (Checkpoint file = Checkpoint.open(stage)) {
            StageFile problem = new StageFile(file);
            InputStatistics statistics = InputStatistics.of(
                    problem.inputsName(), problem.hessian(), problem.means(), problem.inputs(), settings, context);
            LayerProblem ofLayer = problem.layer(layer, model);
            FittedLayer.write(
                    new LayerFits(settings, context)
                            .fit(List.of(ofLayer), statistics)
                            .getFirst()
                            .result(),
                    target);
        }
    }
}

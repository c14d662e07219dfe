package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.Transformer;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.calibration.CalibrationSet.Batch;
import java.util.List;

/**
 * Fits the head by the same method as the blocks' layers, on what it sees behind the served blocks.
 * Where the head is the embedding too, the embedding stays as it is: only the head's products become shifts and adds.
 *
 * <p>Nothing is refined after the error push: a head has more bits than the blocks' layers, where that gains little,
 * and solving for the scales of so many rows and bits at once would take more memory than the rest of the job. It aims
 * at its own weights.
 */
public final class HeadReparameterizer {

    /** As tensors of the head are named in an artifact. */
    public static final String NAME = "lm_head";

    private final Transformer model;
    private final ReparameterizationSettings settings;
    private final KernelContext context;

    /** @param model with its served blocks and its original head */
    public HeadReparameterizer(Transformer model, ReparameterizationSettings settings, KernelContext context) {
        this.model = model;
        this.settings = settings.withRefinement(Refinement.NONE).withTargets(Targets.WEIGHTS);
        this.context = context;
    }

    /**
     * @param calibration of which the windows are taken
     * @param check called between batches; may throw to end the work
     */
    public LayerResult reparameterize(CalibrationSet calibration, int bits, Runnable check) {
        LinearLayer head = model.head();
        double[] hessian = moments(calibration, head.inputs(), check).hessian();
        InputStatistics statistics = InputStatistics.of(NAME, hessian, null, head.inputs(), settings, context);
        float[] weights = model.headWeights();
        LayerProblem problem =
                new LayerProblem(NAME, head.outputs(), head.inputs(), bits, weights, weights, model.headBias());
        return new LayerFits(settings, context)
                .fit(List.of(problem), statistics)
                .getFirst()
                .result();
    }

    private InputMoments moments(CalibrationSet calibration, int inputs, Runnable check) {
        InputMoments moments = new InputMoments(inputs, false, 0, false);
        List<KvCache> caches = calibration.newCaches(model);
        int tokens = calibration.batches().getFirst().tokens();
        float[] hidden = new float[tokens * calibration.width()];
        float[] x = new float[tokens * inputs];
        for (Batch batch : calibration.batches()) {
            check.run();
            TokenBatch sequences = batch.tokenBatch(caches);
            calibration.embed(batch, sequences, model, hidden);
            for (int i = 0; i < model.blockCount(); i++) {
                model.block(i).forward(hidden, sequences, context, null);
            }
            int rows = model.headInputs(hidden, batch.tokens(), x, context);
            moments.add(x, x, x, rows, context);
        }
        return moments;
    }
}

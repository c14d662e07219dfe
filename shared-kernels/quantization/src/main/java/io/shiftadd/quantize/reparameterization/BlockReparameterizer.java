package io.shiftadd.quantize.reparameterization;

import io.shiftadd.format.FormatException;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.BlockStages;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.Transformer;
import io.shiftadd.quantize.calibration.CalibrationSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reparameterizes a model block by block: takes the hidden states before a block from a calibration set, fits the
 * block's layers, and leaves the states before the next block in the set. The model stays as it is.
 * Blocks go in their order; each is complete in itself, so that a job can stop after any and go on later.
 *
 * <p>The same input gives the same result, bit for bit, on any number of threads.
 */
public final class BlockReparameterizer {

    private final Transformer model;
    private final ReparameterizationSettings settings;
    private final KernelContext context;
    private final @Nullable LayerSpread spread;

    public BlockReparameterizer(Transformer model, ReparameterizationSettings settings, KernelContext context) {
        this(model, settings, context, null);
    }

    /**
     * @param spread has layers that share their inputs fitted elsewhere, where the method shifts and adds; null for
     * here
     */
    public BlockReparameterizer(
            Transformer model,
            ReparameterizationSettings settings,
            KernelContext context,
            @Nullable LayerSpread spread) {
        this.model = model;
        this.settings = settings;
        this.context = context;
        this.spread = spread;
    }

    /**
     * Reparameterizes one block.
     *
     * @param index of the block, from 0
     * @param calibration holds the states before the block; afterwards those before the next one, if there is one, as
     *     well
     * @param bits for each of the block's linear layers
     */
    public BlockResult reparameterize(
            int index, CalibrationSet calibration, Map<String, Integer> bits, ProgressListener listener) {
        long start = System.nanoTime();
        DecoderBlock block = model.block(index);
        for (String name : block.linearNames()) {
            if (!bits.containsKey(name)) {
                throw new IllegalArgumentException(
                        "no bits are given for layer '" + name + "'; given are " + bits.keySet());
            }
        }
        List<LayerResult> results = new ArrayList<>();
        try (BlockCalibration pass = new BlockCalibration(model, index, calibration, settings, context)) {
            BlockStages stages = block.stages();
            Map<String, LinearLayer> expanded = new LinkedHashMap<>();
            for (int stage = 0; stage < stages.count(); stage++) {
                List<String> names = stages.linears(stage);
                listener.progress((double) stage / stages.count(), String.join(", ", names));
                for (LayerFits.Fit fit : fit(index, stage, pass.moments(), bits)) {
                    results.add(fit.result());
                    expanded.put(fit.result().layer(), fit.expanded());
                }
                pass.advance(stage, expanded);
            }
            pass.finish(expanded);
        }
        listener.progress(1, "block " + index + " done");
        return new BlockResult(index, results, (System.nanoTime() - start) / 1e9);
    }

    /** A NaN or an infinity among the inputs is in the sum of their squares, too. */
    private static void requireFinite(double[] hessian, int inputs, List<String> names) {
        for (int k = 0; k < inputs; k++) {
            if (!Double.isFinite(hessian[k * inputs + k])) {
                throw new FormatException(
                        "is given " + hessian[k * inputs + k] + " as the mean square of its input " + k,
                        "layer " + String.join(", ", names),
                        "what the blocks before it compute from the calibration text must be finite",
                        "The model overflows on this text: its weights are damaged or too large for float32."
                                + " Get the model again from where it came from, or calibrate with another text.");
            }
        }
    }

    private List<LayerFits.Fit> fit(int index, int stage, InputMoments moments, Map<String, Integer> bits) {
        DecoderBlock block = model.block(index);
        List<String> names = block.stages().linears(stage);
        int inputs = block.stages().inputs(stage);
        double[] hessian = moments.hessian();
        requireFinite(hessian, inputs, names);
        InputMeans means = moments.means();
        List<float[]> weights = names.stream().map(block::weights).toList();
        TargetShift shift = TargetShift.of(moments, hessian, inputs, settings.targets());
        moments.release();
        List<float[]> targets = shift.apply(weights, context);
        List<LayerProblem> problems = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            problems.add(new LayerProblem(
                    name,
                    block.linear(name).outputs(),
                    inputs,
                    Objects.requireNonNull(bits.get(name)),
                    weights.get(i),
                    targets.get(i),
                    block.bias(name)));
        }
        if (spread != null && names.size() > 1 && settings.method().shiftsAndAdds()) {
            boolean targeted = settings.targets().original();
            return spread
                    .fit(index, stage, names, file -> StageFile.write(file, index, problems, hessian, means, targeted))
                    .stream()
                    .map(FittedLayer::read)
                    .toList();
        }
        InputStatistics statistics = InputStatistics.of(names.getFirst(), hessian, means, inputs, settings, context);
        return new LayerFits(settings, context).fit(problems, statistics);
    }
}

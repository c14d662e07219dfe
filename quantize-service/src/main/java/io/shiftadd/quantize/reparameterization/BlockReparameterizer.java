package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.BlockStages;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.quantize.calibration.CalibrationSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reparameterizes a model block by block: takes the hidden states before a block from a calibration set, fits the
 * block's layers, puts them in the place of the originals and leaves the states before the next block in the set.
 * Blocks go in their order; each is complete in itself, so that a job can stop after any and go on later.
 *
 * <p>The same input gives the same result, bit for bit, on any number of threads.
 */
public final class BlockReparameterizer {

    private final CausalLanguageModel model;
    private final ReparameterizationSettings settings;
    private final KernelContext context;

    /** @param model whose blocks below the first to be reparameterized already hold their served layers */
    public BlockReparameterizer(CausalLanguageModel model, ReparameterizationSettings settings, KernelContext context) {
        this.model = model;
        this.settings = settings;
        this.context = context;
    }

    /**
     * Reparameterizes one block, whose layers are the originals; afterwards they are the served ones.
     *
     * @param index of the block, from 0
     * @param calibration holds the states before the block; afterwards those before the next one, if there is one, as well
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
                for (LayerFits.Fit fit : fit(block, names, stages.inputs(stage), pass.moments(), bits)) {
                    results.add(fit.result());
                    expanded.put(fit.result().layer(), fit.expanded());
                }
                pass.advance(stage, expanded);
            }
            pass.finish(expanded);
        }
        results.forEach(result -> block.replace(result.layer(), result.served()));
        listener.progress(1, "block " + index + " done");
        return new BlockResult(index, results, (System.nanoTime() - start) / 1e9);
    }

    private List<LayerFits.Fit> fit(
            DecoderBlock block, List<String> names, int inputs, InputMoments moments, Map<String, Integer> bits) {
        double[] hessian = moments.hessian();
        InputStatistics statistics =
                InputStatistics.of(names.getFirst(), hessian, moments.means(), inputs, settings, context);
        List<float[]> weights = names.stream().map(block::weights).toList();
        List<float[]> targets =
                TargetShift.of(moments, hessian, inputs, settings.targets()).apply(weights, context);
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
        return new LayerFits(settings, context).fit(problems, statistics);
    }
}

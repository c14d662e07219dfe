package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.BlockStages;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.Transformer;
import io.shiftadd.quantize.calibration.CalibrationSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures what each bit-width does to each layer, all others being the original ones: what bits are allocated by. Fits
 * are those of the settings' method without what only a served model needs: targets are the weights, nothing is
 * refined.
 */
public final class LayerProfiler {

    private final Transformer model;
    private final ReparameterizationSettings settings;
    private final KernelContext context;

    public LayerProfiler(Transformer model, ReparameterizationSettings settings, KernelContext context) {
        this.model = model;
        this.settings = settings.withTargets(Targets.WEIGHTS)
                .withRefinement(Refinement.NONE)
                .withSequential(false);
        this.context = context;
    }

    /**
     * Profiles all layers of the original model.
     *
     * @param calibration a set of its own at block 0, used up
     * @param candidates bit-widths to measure
     * @return in the order in which the layers run
     */
    public List<LayerProfile> profile(CalibrationSet calibration, Set<Integer> candidates, ProgressListener listener) {
        List<LayerProfile> profiles = new ArrayList<>();
        for (int index = 0; index < model.blockCount(); index++) {
            listener.progress((double) index / model.blockCount(), "profile block " + index);
            profiles.addAll(profileBlock(index, calibration, candidates));
            calibration.discardBefore(index + 1);
        }
        listener.progress(1, "profiled");
        return profiles;
    }

    private List<LayerProfile> profileBlock(int index, CalibrationSet calibration, Set<Integer> candidates) {
        DecoderBlock block = model.block(index);
        BlockStages stages = block.stages();
        List<LayerProfile> profiles = new ArrayList<>();
        try (BlockCalibration pass = new BlockCalibration(model, index, calibration, settings, context)) {
            for (int stage = 0; stage < stages.count(); stage++) {
                profiles.addAll(
                        profileStage(block, stages.linears(stage), stages.inputs(stage), pass.moments(), candidates));
                pass.advance(stage, Map.of());
            }
            pass.finish(Map.of());
        }
        return profiles;
    }

    private List<LayerProfile> profileStage(
            DecoderBlock block, List<String> names, int inputs, InputMoments moments, Set<Integer> candidates) {
        InputStatistics statistics =
                InputStatistics.of(names.getFirst(), moments.hessian(), moments.means(), inputs, settings, context);
        Map<String, SortedMap<Integer, LayerProfile.Measured>> measured = new LinkedHashMap<>();
        Map<String, LayerResult> last = new LinkedHashMap<>();
        for (int bits : candidates) {
            List<LayerProblem> problems = new ArrayList<>();
            for (String name : names) {
                float[] weights = block.weights(name);
                problems.add(new LayerProblem(
                        name, weights.length / inputs, inputs, bits, weights, weights, block.bias(name)));
            }
            for (LayerFits.Fit fit : new LayerFits(settings, context).fit(problems, statistics)) {
                LayerResult result = fit.result();
                measured.computeIfAbsent(result.layer(), _ -> new TreeMap<>())
                        .put(
                                bits,
                                new LayerProfile.Measured(
                                        result.relativeOutputError(),
                                        result.proxyLoss(),
                                        result.served().weightBytes()));
                last.put(result.layer(), result);
            }
        }
        List<LayerProfile> profiles = new ArrayList<>();
        last.forEach((name, result) -> profiles.add(new LayerProfile(
                name,
                (long) result.outputs() * result.inputs(),
                result.sensitivity(),
                measured.getOrDefault(name, new TreeMap<>()))));
        return profiles;
    }
}

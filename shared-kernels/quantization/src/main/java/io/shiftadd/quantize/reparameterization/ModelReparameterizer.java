package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.allocation.BitAllocation;
import io.shiftadd.quantize.allocation.BitAllocator;
import io.shiftadd.quantize.calibration.CalibrationSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Reparameterizes all blocks of a model in memory, where one run is enough: for measurements and small models. */
public final class ModelReparameterizer {

    private static final List<Integer> CANDIDATES = List.of(1, 2, 3, 4);

    private final CausalLanguageModel model;
    private final ReparameterizationSettings settings;
    private final KernelContext context;

    public ModelReparameterizer(CausalLanguageModel model, ReparameterizationSettings settings, KernelContext context) {
        this.model = model;
        this.settings = settings;
        this.context = context;
    }

    /**
     * Bits of every layer.
     *
     * @param kendallTau as in {@link LayerProfile#kendallTau}; NaN where nothing was measured
     */
    public record LayerBits(Map<String, Integer> bits, double kendallTau) {}

    /**
     * Bits for every layer so that their mean, weighted by parameters, is at most {@code meanBits}; whole numbers need
     * no measurement.
     */
    public LayerBits bits(double meanBits, Path directory, int[][] windows) {
        if (meanBits == (int) meanBits) {
            Map<String, Integer> uniform = new LinkedHashMap<>();
            for (int i = 0; i < model.blockCount(); i++) {
                model.block(i).linearNames().forEach(name -> uniform.put(name, (int) meanBits));
            }
            return new LayerBits(uniform, Double.NaN);
        }
        CalibrationSet calibration =
                CalibrationSet.create(directory, model, CalibrationBudget.windows(windows, model, settings));
        List<LayerProfile> profiles = new LayerProfiler(model, settings, context)
                .profile(calibration, new TreeSet<>(CANDIDATES), ProgressListener.NONE);
        long weights = profiles.stream().mapToLong(LayerProfile::weights).sum();
        BitAllocation allocation = BitAllocator.allocateMeanBits(
                profiles.stream().map(LayerProfile::byBits).toList(), meanBits, weights);
        return new LayerBits(allocation.bits(), LayerProfile.kendallTau(profiles));
    }

    /**
     * Fits all the blocks' linear layers.
     *
     * @param directory for the calibration's files, some of which stay there
     */
    public List<BlockResult> run(
            Path directory, int[][] windows, Map<String, Integer> bits, ProgressListener listener) {
        CalibrationSet calibration =
                CalibrationSet.create(directory, model, CalibrationBudget.windows(windows, model, settings));
        BlockReparameterizer blocks = new BlockReparameterizer(model, settings, context);
        List<BlockResult> results = new ArrayList<>();
        for (int i = 0; i < model.blockCount(); i++) {
            int block = i;
            results.add(blocks.reparameterize(
                    i,
                    calibration,
                    bits,
                    (fraction, activity) -> listener.progress((block + fraction) / model.blockCount(), activity)));
            calibration.discardBefore(i + 1);
        }
        return results;
    }

    /**
     * Fits the head to what it sees behind the served blocks; the embedding stays as it is.
     *
     * @param blocks what {@link #run} gave
     */
    public LayerResult head(List<BlockResult> blocks, Path directory, int[][] windows, int bits) {
        CalibrationSet calibration =
                CalibrationSet.create(directory, model, CalibrationBudget.windows(windows, model, settings));
        CausalLanguageModel served = model.with(BlockResult.served(blocks));
        return new HeadReparameterizer(served, settings, context).reparameterize(calibration, bits, () -> {});
    }
}

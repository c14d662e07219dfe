package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.Transformer;
import io.shiftadd.quantize.allocation.BitAllocation;
import io.shiftadd.quantize.allocation.BitAllocator;
import io.shiftadd.quantize.calibration.CalibrationSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Reparameterizes all blocks of a model in memory, where one run is enough: for measurements and small models. */
public final class ModelReparameterizer {

    private static final List<Integer> CANDIDATES = List.of(1, 2, 3, 4);

    private final Transformer model;
    private final ReparameterizationSettings settings;
    private final KernelContext context;

    public ModelReparameterizer(Transformer model, ReparameterizationSettings settings, KernelContext context) {
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
        return bits(meanBits, () -> calibration(directory, windows));
    }

    private CalibrationSet calibration(Path directory, int[][] windows) {
        if (!(model instanceof CausalLanguageModel language)) {
            throw new IllegalArgumentException("windows of tokens calibrate language models; images are a set");
        }
        return CalibrationSet.create(directory, language, CalibrationBudget.windows(windows, model, settings));
    }

    /** @param calibration makes a set that is used up; asked where something is to be measured */
    public LayerBits bits(double meanBits, Supplier<CalibrationSet> calibration) {
        if (meanBits == (int) meanBits) {
            Map<String, Integer> uniform = new LinkedHashMap<>();
            for (int i = 0; i < model.blockCount(); i++) {
                model.block(i).linearNames().forEach(name -> uniform.put(name, (int) meanBits));
            }
            return new LayerBits(uniform, Double.NaN);
        }
        List<LayerProfile> profiles = new LayerProfiler(model, settings, context)
                .profile(calibration.get(), new TreeSet<>(CANDIDATES), ProgressListener.NONE);
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
        return run(calibration(directory, windows), bits, listener);
    }

    /** @param calibration at block 0; used up */
    public List<BlockResult> run(CalibrationSet calibration, Map<String, Integer> bits, ProgressListener listener) {
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
        return head(blocks, calibration(directory, windows), bits);
    }

    /** @param calibration whose sequences are taken */
    public LayerResult head(List<BlockResult> blocks, CalibrationSet calibration, int bits) {
        Transformer served = model.with(BlockResult.served(blocks));
        return new HeadReparameterizer(served, settings, context).reparameterize(calibration, bits, () -> {});
    }
}

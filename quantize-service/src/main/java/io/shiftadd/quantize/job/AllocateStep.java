package io.shiftadd.quantize.job;

import io.shiftadd.quantize.allocation.BitAllocation;
import io.shiftadd.quantize.allocation.BitAllocator;
import io.shiftadd.quantize.allocation.KendallTau;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.job.Events.Event;
import io.shiftadd.quantize.reparameterization.LayerProfile;
import io.shiftadd.quantize.reparameterization.LayerProfiler;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides the bits of every layer under a budget of mean bits: measures what each bit-width does to each layer, and
 * chooses by an exact integer program. Also tells how well the cheap criterion would have ranked the layers.
 */
final class AllocateStep implements StepWork {

    private static final SortedSet<Integer> CANDIDATES = new TreeSet<>(List.of(2, 3, 4));

    private final JobRun run;
    private final JobResources resources;
    private final LayerBits bits;
    private final double meanBits;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;

    AllocateStep(
            JobRun run,
            JobResources resources,
            LayerBits bits,
            double meanBits,
            FencedTransactions fenced,
            ProgressWriter writer) {
        this.run = run;
        this.resources = resources;
        this.bits = bits;
        this.meanBits = meanBits;
        this.fenced = fenced;
        this.writer = writer;
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.ALLOCATE);
        List<LayerProfile> profiles = profile();
        long weights = profiles.stream().mapToLong(LayerProfile::weights).sum();
        BitAllocation allocation = allocate(profiles, weights);
        bits.save(allocation.bits());
        double tau = KendallTau.of(
                profiles.stream().mapToDouble(LayerProfile::sensitivity).toArray(),
                profiles.stream().mapToDouble(AllocateStep::errorAtFewestBits).toArray());
        fenced.run(run.lease(), client -> {
            if (Double.isFinite(tau)) {
                ModelMetrics.write(client, run.lease(), Map.of("kendall_tau", tau));
            }
            writer.insert(client, run.lease(), new Event("allocation", told(allocation, weights)));
        });
    }

    private List<LayerProfile> profile() throws IOException {
        CalibrationSet calibration = CalibrationSet.open(run.workspace().calibrationForProfile());
        List<LayerProfile> profiles = new LayerProfiler(
                        resources.model(), run.settings().reparameterization(), resources.context())
                .profile(calibration, CANDIDATES, (fraction, activity) -> {
                    run.check();
                    run.progress().done(fraction);
                });
        run.workspace().discardProfile();
        return profiles;
    }

    private BitAllocation allocate(List<LayerProfile> profiles, long weights) {
        try {
            return BitAllocator.allocateMeanBits(
                    profiles.stream().map(LayerProfile::byBits).toList(), meanBits, weights);
        } catch (IllegalArgumentException tooLittle) {
            throw new JobRefusedException(
                    "a mean of " + meanBits + " bits cannot be reached: " + tooLittle.getMessage(),
                    "Post the job with meanBits of at least " + CANDIDATES.first() + ".");
        }
    }

    private static double errorAtFewestBits(LayerProfile profile) {
        return profile.measured().firstEntry().getValue().relativeOutputError();
    }

    private static Map<String, ?> told(BitAllocation allocation, long weights) {
        Map<String, Integer> layersByBits = new TreeMap<>();
        allocation.bits().values().forEach(of -> layersByBits.merge(Integer.toString(of), 1, Integer::sum));
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("meanBits", (double) allocation.cost() / weights);
        told.put("layersByBits", layersByBits);
        told.put("predictedError", allocation.error());
        return told;
    }
}

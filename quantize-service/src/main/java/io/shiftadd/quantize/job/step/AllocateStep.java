package io.shiftadd.quantize.job.step;

import io.shiftadd.job.Size;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.Transformer;
import io.shiftadd.quantize.allocation.BitAllocation;
import io.shiftadd.quantize.allocation.BitAllocator;
import io.shiftadd.quantize.allocation.LayerChoices;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ModelMetrics;
import io.shiftadd.quantize.job.run.ProgressWriter;
import io.shiftadd.quantize.job.run.Stage;
import io.shiftadd.quantize.reparameterization.Incoherence;
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
 * Decides the bits of every layer under the job's size: measures what each bit-width does to each layer, and chooses by
 * an exact integer program. Also tells how well the cheap criterion would have ranked the layers.
 */
public final class AllocateStep implements StepWork {

    private static final SortedSet<Integer> CANDIDATES = new TreeSet<>(List.of(2, 3, 4));

    /** Of this stage, where a search follows the profile. */
    private static final double PROFILE_BEFORE_SEARCH = 0.15;

    private final JobRun run;
    private final JobResources resources;
    private final LayerBits bits;
    private final Size size;
    private final SizeSearch search;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;
    private final AllocationRows rows;

    public AllocateStep(
            JobRun run,
            JobResources resources,
            LayerBits bits,
            Size size,
            SizeSearch search,
            FencedTransactions fenced,
            ProgressWriter writer,
            AllocationRows rows) {
        this.run = run;
        this.resources = resources;
        this.bits = bits;
        this.size = size;
        this.search = search;
        this.fenced = fenced;
        this.writer = writer;
        this.rows = rows;
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.ALLOCATE);
        List<LayerProfile> profiles = profile();
        BitAllocation allocation = allocate(profiles);
        bits.save(allocation.bits());
        double tau = LayerProfile.kendallTau(profiles);
        fenced.run(run.lease(), client -> {
            if (Double.isFinite(tau)) {
                ModelMetrics.write(client, run.lease(), Map.of("kendall_tau", tau));
            }
            rows.writeProfiles(client, run.lease(), profiles, allocation.bits());
            writer.insert(client, run.lease(), new Event("allocation", told(allocation, profiles)));
        });
    }

    private List<LayerProfile> profile() throws IOException {
        CalibrationSet calibration = CalibrationSet.open(run.workspace().calibrationForProfile());
        double share = size instanceof Size.PerplexityIncrease ? PROFILE_BEFORE_SEARCH : 1;
        List<LayerProfile> profiles = new LayerProfiler(resources.model(), run.recipe(), resources.context())
                .profile(calibration, CANDIDATES, (fraction, activity) -> {
                    run.check();
                    run.progress().done(share * fraction);
                });
        run.workspace().discardProfile();
        return profiles;
    }

    private BitAllocation allocate(List<LayerProfile> profiles) throws IOException {
        return switch (size) {
            case Size.Bits same -> throw new IllegalStateException(same + " need no allocation");
            case Size.MeanBits(double mean) -> allocateMeanBits(profiles, mean);
            case Size.Bytes(long bytes) -> allocateBytes(profiles, bytes);
            case Size.PerplexityIncrease(double share) ->
                search.smallest(
                        profiles,
                        share,
                        done -> run.progress().done(PROFILE_BEFORE_SEARCH + (1 - PROFILE_BEFORE_SEARCH) * done));
        };
    }

    private static BitAllocation allocateMeanBits(List<LayerProfile> profiles, double mean) {
        try {
            return BitAllocator.allocateMeanBits(
                    profiles.stream().map(LayerProfile::byBits).toList(), mean, weights(profiles));
        } catch (IllegalArgumentException tooLittle) {
            throw new JobRefusedException(
                    "a mean of " + mean + " bits cannot be reached: " + tooLittle.getMessage(),
                    "Post the job with meanBits of at least " + CANDIDATES.first() + ".");
        }
    }

    private BitAllocation allocateBytes(List<LayerProfile> profiles, long bytes) {
        List<LayerChoices> choices =
                profiles.stream().map(LayerProfile::byBytes).toList();
        long signs = signsThatMayCome();
        try {
            return BitAllocator.allocate(choices, bytes - signs);
        } catch (IllegalArgumentException tooLittle) {
            long least = signs
                    + profiles.stream()
                            .mapToLong(profile -> profile.measured()
                                    .values()
                                    .iterator()
                                    .next()
                                    .bytes())
                            .sum();
            throw new JobRefusedException(
                    "the linear layers do not fit %d bytes: with %d bits each they take %d"
                            .formatted(bytes, CANDIDATES.first(), least),
                    "Post the job with budgetBytes of at least " + least + ".");
        }
    }

    /** Where each layer is rotated or not as it turns out, one that was not when it was profiled may be in the end. */
    private long signsThatMayCome() {
        if (run.recipe().incoherence() != Incoherence.AUTOMATIC) {
            return 0;
        }
        long bytes = 0;
        Transformer model = resources.model();
        for (int i = 0; i < model.blockCount(); i++) {
            DecoderBlock block = model.block(i);
            for (String name : block.linearNames()) {
                bytes += Math.ceilDiv(block.linear(name).inputs(), Byte.SIZE)
                        + Math.ceilDiv(block.linear(name).outputs(), Byte.SIZE);
            }
        }
        return bytes;
    }

    static long weights(List<LayerProfile> profiles) {
        return profiles.stream().mapToLong(LayerProfile::weights).sum();
    }

    /** Weighted by the layers' parameters. */
    static double meanBits(BitAllocation allocation, List<LayerProfile> profiles) {
        double sum = 0;
        for (LayerProfile profile : profiles) {
            sum += (double) profile.weights() * allocation.bits().getOrDefault(profile.layer(), 0);
        }
        return sum / weights(profiles);
    }

    private static Map<String, ?> told(BitAllocation allocation, List<LayerProfile> profiles) {
        Map<String, Integer> layersByBits = new TreeMap<>();
        allocation.bits().values().forEach(of -> layersByBits.merge(Integer.toString(of), 1, Integer::sum));
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("meanBits", meanBits(allocation, profiles));
        told.put("layersByBits", layersByBits);
        told.put("predictedError", allocation.error());
        return told;
    }
}

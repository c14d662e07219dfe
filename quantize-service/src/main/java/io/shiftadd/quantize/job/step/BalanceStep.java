package io.shiftadd.quantize.job.step;

import io.shiftadd.format.DType;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.quantize.allocation.ExpertBalance;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ModelMetrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets the routers of two experts lean by what the experts take on this machine, packed as they are. So a result is not
 * the same on every machine; what was found is kept for a restart.
 */
public final class BalanceStep implements StepWork {

    /** Calibration images over which shares are counted: some ten thousand tokens are a share's third digit. */
    private static final int IMAGES = 256;

    private static final double MICROSECONDS = 1e6;

    private final JobRun run;
    private final JobResources resources;
    private final Images images;
    private final FencedTransactions fenced;

    public BalanceStep(JobRun run, JobResources resources, Images images, FencedTransactions fenced) {
        this.run = run;
        this.resources = resources;
        this.images = images;
        this.fenced = fenced;
    }

    @Override
    public void execute() {
        ImageClassifier original = resources.imageModel();
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < original.blockCount(); i++) {
            files.add(run.workspace().packed(i));
        }
        try (ServedBlocks served = new ServedBlocks(original, files)) {
            if (!(served.model() instanceof ImageClassifier packed)) {
                throw new IllegalStateException("a model of images became another one");
            }
            ExpertBalance balance =
                    ExpertBalance.of(packed, images.calibration(IMAGES), resources.context(), run::check);
            write(original, balance.leans());
            fenced.run(run.lease(), client -> ModelMetrics.write(client, run.lease(), metrics(balance)));
        }
    }

    private void write(ImageClassifier model, float[] leans) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        for (int i = 0; i < leans.length; i++) {
            String name = model.block(i).router() + DecoderBlock.LEAN;
            writer.add(name, DType.F32, new long[] {1}, new float[] {leans[i]});
        }
        writer.write(run.workspace().routers());
    }

    private static Map<String, Double> metrics(ExpertBalance balance) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("expert_microseconds_dense", balance.denseSeconds() * MICROSECONDS);
        metrics.put("expert_microseconds_shift", balance.shiftSeconds() * MICROSECONDS);
        metrics.put("expert_share_shift_trained", balance.trained());
        metrics.put("expert_share_shift", balance.balanced());
        return metrics;
    }
}

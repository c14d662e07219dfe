package io.shiftadd.quantize.job.step;

import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.reparameterization.HeadReparameterizer;
import io.shiftadd.quantize.reparameterization.LayerResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Packs the head, by what it sees behind the packed blocks. */
public final class HeadStep implements StepWork {

    private final JobRun run;
    private final JobResources resources;
    private final int bits;
    private final FencedTransactions fenced;
    private final BlockRows rows;

    public HeadStep(JobRun run, JobResources resources, int bits, FencedTransactions fenced, BlockRows rows) {
        this.run = run;
        this.resources = resources;
        this.bits = bits;
        this.fenced = fenced;
        this.rows = rows;
    }

    @Override
    public void execute() {
        int blocks = resources.model().blockCount();
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            files.add(run.workspace().packed(i));
        }
        LayerResult head = fit(run, resources, files, resources.calibration(), bits);
        PackedBlocks.write(run.workspace().packedHead(), List.of(head), resources.checkpoint());
        fenced.run(run.lease(), client -> rows.writeLayer(client, run.lease(), blocks, head));
    }

    /** @param blocks files of the packed blocks */
    static LayerResult fit(
            JobRun run, JobResources resources, List<Path> blocks, CalibrationSet calibration, int bits) {
        try (ServedBlocks served = new ServedBlocks(resources.model(), blocks)) {
            return new HeadReparameterizer(served.model(), run.recipe(), resources.context())
                    .reparameterize(calibration, bits, run::check);
        }
    }
}

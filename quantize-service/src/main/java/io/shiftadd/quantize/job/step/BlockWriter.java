package io.shiftadd.quantize.job.step;

import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.FinishedBlock;
import io.shiftadd.quantize.job.run.JobMeters;
import io.shiftadd.quantize.job.run.JobProgress;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ProgressWriter;
import java.util.List;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** Makes a finished block a checkpoint: its rows and the job's progress in one fenced transaction. */
public final class BlockWriter implements ItemWriter<FinishedBlock> {

    private final JobRun run;
    private final JobResources resources;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;
    private final BlockRows rows;
    private final JobMeters meters;

    public BlockWriter(
            JobRun run,
            JobResources resources,
            FencedTransactions fenced,
            ProgressWriter writer,
            BlockRows rows,
            JobMeters meters) {
        this.run = run;
        this.resources = resources;
        this.fenced = fenced;
        this.writer = writer;
        this.rows = rows;
        this.meters = meters;
    }

    @Override
    public void write(Chunk<? extends FinishedBlock> chunk) {
        for (FinishedBlock block : chunk) {
            commit(block);
            resources.calibration().discardBefore(block.block() + 1);
            meters.committed(run.settings().methodOrDefault().word(), block);
        }
    }

    private void commit(FinishedBlock block) {
        int blocks = resources.model().blockCount();
        run.progress().blocks(block.block() + 1, blocks);
        run.progress().done((block.block() + 1.0) / blocks);
        List<Event> events = run.progress().drain();
        JobProgress.Snapshot now = run.progress().snapshot(System.nanoTime());
        fenced.run(run.lease(), client -> {
            rows.write(client, run.lease(), block, blocks);
            writer.write(client, run.lease(), now, events);
        });
    }
}

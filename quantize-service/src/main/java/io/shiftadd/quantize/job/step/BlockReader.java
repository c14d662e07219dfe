package io.shiftadd.quantize.job.step;

import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.Stage;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * Hands out the decoder blocks that are still to be done, in order. Where to begin is said by the registry's rows,
 * which are written in the transaction that finishes a block; Spring Batch's own count may be one behind.
 */
public final class BlockReader implements ItemStreamReader<Integer> {

    private static final String NEXT = "next.block";

    private final JobRun run;
    private final JobResources resources;
    private final Checkpoints checkpoints;
    private int blocks;
    private int next;

    public BlockReader(JobRun run, JobResources resources, Checkpoints checkpoints) {
        this.run = run;
        this.resources = resources;
        this.checkpoints = checkpoints;
    }

    @Override
    public void open(ExecutionContext context) {
        run.progress().enter(Stage.REPARAMETERIZE);
        blocks = resources.model().blockCount();
        next = checkpoints.firstUnfinished();
        run.progress().blocks(next, blocks);
        run.progress().done((double) next / blocks);
    }

    @Override
    public @Nullable Integer read() {
        return next < blocks ? next++ : null;
    }

    @Override
    public void update(ExecutionContext context) {
        context.putInt(NEXT, next);
    }
}

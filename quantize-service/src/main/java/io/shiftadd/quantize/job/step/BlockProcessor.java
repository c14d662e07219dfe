package io.shiftadd.quantize.job.step;

import io.shiftadd.model.DecoderBlock;
import io.shiftadd.quantize.artifact.Sha256;
import io.shiftadd.quantize.job.run.DiskSpace;
import io.shiftadd.quantize.job.run.FinishedBlock;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.JobSpans;
import io.shiftadd.quantize.reparameterization.BlockReparameterizer;
import io.shiftadd.quantize.reparameterization.BlockResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/** Reparameterizes one decoder block and leaves its files in the work directory, complete and on the disk. */
public final class BlockProcessor implements ItemProcessor<Integer, FinishedBlock> {

    private final JobRun run;
    private final JobResources resources;
    private final LayerBits bits;
    private final DiskSpace disk;
    private final @Nullable LayerSharing layers;
    private final JobSpans spans;

    /** @param layers hands layers out to other workers; absent where all are fitted here */
    public BlockProcessor(
            JobRun run,
            JobResources resources,
            LayerBits bits,
            DiskSpace disk,
            @Nullable LayerSharing layers,
            JobSpans spans) {
        this.run = run;
        this.layers = layers;
        this.resources = resources;
        this.bits = bits;
        this.disk = disk;
        this.spans = spans;
    }

    @Override
    public FinishedBlock process(Integer index) throws IOException {
        return spans.during("block", run, span -> {
            span.tag("job.block", index);
            return finish(index);
        });
    }

    private FinishedBlock finish(int index) throws IOException {
        run.check();
        disk.requireForBlock();
        DecoderBlock block = resources.model().block(index);
        try {
            BlockResult result = reparameterize(index, block);
            Path packed = run.workspace().packed(index);
            PackedBlocks.write(packed, result.layers(), resources.checkpoint());
            return new FinishedBlock(
                    index,
                    result.layers(),
                    layers == null ? Map.of() : layers.workers(),
                    Sha256.of(packed, run::check),
                    hiddenSha256(index + 1),
                    result.seconds());
        } finally {
            if (layers != null) {
                layers.discard();
            }
        }
    }

    private BlockResult reparameterize(int index, DecoderBlock block) throws IOException {
        int blocks = resources.model().blockCount();
        BlockReparameterizer reparameterizer =
                new BlockReparameterizer(resources.model(), run.recipe(), resources.context(), layers);
        return reparameterizer.reparameterize(
                index, resources.calibration(), bits.of(block.linearNames()), (fraction, activity) -> {
                    run.check();
                    run.progress().done((index + fraction) / blocks);
                });
    }

    private @Nullable String hiddenSha256(int next) throws IOException {
        return run.settings().originalCalibration() || next == resources.model().blockCount()
                ? null
                : HiddenFiles.sha256(run.workspace().calibration(), next, run::check);
    }
}

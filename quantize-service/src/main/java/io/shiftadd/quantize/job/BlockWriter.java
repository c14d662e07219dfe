package io.shiftadd.quantize.job;

import io.shiftadd.quantize.job.Events.Event;
import io.shiftadd.quantize.reparameterization.LayerResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Makes a finished block a checkpoint: its row, its layers' rows and the progress in one fenced transaction. Written
 * twice, because the connection broke in the first commit, it is the same as once.
 */
final class BlockWriter implements ItemWriter<FinishedBlock> {

    private static final String BLOCK = """
            insert into registry.job_block (job_id, block, packed_sha256, hidden_sha256, lease_version, worker, seconds)
            values (:job, :block, :packed, :hidden, :version, :worker, :seconds)
            on conflict (job_id, block) do update set
                packed_sha256 = excluded.packed_sha256, hidden_sha256 = excluded.hidden_sha256,
                lease_version = excluded.lease_version, worker = excluded.worker, seconds = excluded.seconds,
                committed_at = excluded.committed_at""";

    private static final String LAYER = """
            insert into registry.job_layer (job_id, block, layer, bits, inputs, outputs, weight_error, output_error,
                proxy_loss, sensitivity, seconds, worker)
            values (:job, :block, :layer, :bits, :inputs, :outputs, :weightError, :outputError, :proxyLoss, :sensitivity,
                :seconds, :worker)
            on conflict (job_id, layer) do update set
                block = excluded.block, bits = excluded.bits, weight_error = excluded.weight_error,
                output_error = excluded.output_error, proxy_loss = excluded.proxy_loss,
                sensitivity = excluded.sensitivity, seconds = excluded.seconds, worker = excluded.worker""";

    private final JobRun run;
    private final JobResources resources;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;
    private final JobMeters meters;

    BlockWriter(
            JobRun run, JobResources resources, FencedTransactions fenced, ProgressWriter writer, JobMeters meters) {
        this.run = run;
        this.resources = resources;
        this.fenced = fenced;
        this.writer = writer;
        this.meters = meters;
    }

    @Override
    public void write(Chunk<? extends FinishedBlock> chunk) {
        for (FinishedBlock block : chunk) {
            commit(block);
            resources.calibration().discardBefore(block.block() + 1);
            meters.blockCommitted(run.settings().method(), block.seconds());
            for (LayerResult layer : block.layers()) {
                meters.layerCommitted(run.settings().method(), layer.bits(), layer.relativeOutputError());
            }
        }
    }

    private void commit(FinishedBlock block) {
        int blocks = resources.model().blockCount();
        run.progress().blocks(block.block() + 1, blocks);
        run.progress().done((block.block() + 1.0) / blocks);
        List<Event> events = run.progress().drain();
        JobProgress.Snapshot now = run.progress().snapshot(System.nanoTime());
        fenced.run(run.lease(), client -> {
            writeBlock(client, block);
            block.layers().forEach(layer -> writeLayer(client, block.block(), layer));
            writer.write(client, run.lease(), now, events);
            writer.insert(
                    client,
                    run.lease(),
                    new Event(
                            "block", Map.of("block", block.block() + 1, "blocks", blocks, "seconds", block.seconds())));
        });
    }

    private void writeBlock(JdbcClient client, FinishedBlock block) {
        client.sql(BLOCK)
                .param("job", run.job().id())
                .param("block", block.block())
                .param("packed", block.packedSha256())
                .param("hidden", block.hiddenSha256())
                .param("version", run.lease().version())
                .param("worker", run.lease().worker())
                .param("seconds", block.seconds())
                .update();
    }

    private void writeLayer(JdbcClient client, int block, LayerResult layer) {
        client.sql(LAYER)
                .param("job", run.job().id())
                .param("block", block)
                .param("layer", layer.layer())
                .param("bits", layer.bits())
                .param("inputs", layer.inputs())
                .param("outputs", layer.outputs())
                .param("weightError", finite(layer.weightError()))
                .param("outputError", finite(layer.relativeOutputError()))
                .param("proxyLoss", finite(layer.proxyLoss()))
                .param("sensitivity", finite(layer.sensitivity()))
                .param("seconds", layer.seconds())
                .param("worker", run.lease().worker())
                .update();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("block", block + 1);
        told.put("layer", layer.layer());
        told.put("bits", layer.bits());
        told.put("weightError", finite(layer.weightError()));
        told.put("outputError", finite(layer.relativeOutputError()));
        told.put("proxyLoss", finite(layer.proxyLoss()));
        told.put("seconds", layer.seconds());
        writer.insert(client, run.lease(), new Event("layer", told));
    }

    /** What a method does not measure it gives as NaN, which JSON cannot say. */
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}

package io.shiftadd.quantize.job.step;

import io.shiftadd.quantize.job.lease.Events;
import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.JobLease;
import io.shiftadd.quantize.job.run.FinishedBlock;
import io.shiftadd.quantize.reparameterization.LayerResult;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows of a finished block: its checkpoint, its layers, and the events that tell of them. Written twice, because
 * the connection broke in the first commit, they are the same as once.
 */
public final class BlockRows {

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

    /** Beyond this a layer that puts out zeros would be nearer to the original. */
    private static final double MOST_OUTPUT_ERROR = 1;

    private final JsonMapper json;

    public BlockRows(JsonMapper json) {
        this.json = json;
    }

    /** @param lease names the worker that did it */
    public void write(JdbcClient client, JobLease lease, FinishedBlock block, int blocks) {
        client.sql(BLOCK)
                .param("job", lease.job().value())
                .param("block", block.block())
                .param("packed", block.packedSha256())
                .param("hidden", block.hiddenSha256())
                .param("version", lease.version())
                .param("worker", lease.worker())
                .param("seconds", block.seconds())
                .update();
        block.layers()
                .forEach(layer -> writeLayer(
                        client,
                        lease,
                        block.block(),
                        layer,
                        block.workers().getOrDefault(layer.layer(), lease.worker())));
        insert(
                client,
                lease,
                new Event(
                        "block",
                        Map.of(
                                "block",
                                block.block() + 1,
                                "blocks",
                                blocks,
                                "seconds",
                                block.seconds(),
                                "worker",
                                lease.worker())));
    }

    /** @param block the number of blocks for the head, which follows the last one */
    void writeLayer(JdbcClient client, JobLease lease, int block, LayerResult layer) {
        writeLayer(client, lease, block, layer, lease.worker());
    }

    private void writeLayer(JdbcClient client, JobLease lease, int block, LayerResult layer, String worker) {
        client.sql(LAYER)
                .param("job", lease.job().value())
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
                .param("worker", worker)
                .update();
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("block", block + 1);
        told.put("layer", layer.layer());
        told.put("bits", layer.bits());
        told.put("weightError", finite(layer.weightError()));
        told.put("outputError", finite(layer.relativeOutputError()));
        told.put("proxyLoss", finite(layer.proxyLoss()));
        told.put("seconds", layer.seconds());
        insert(client, lease, new Event("layer", told));
        if (layer.relativeOutputError() > MOST_OUTPUT_ERROR) {
            insert(
                    client,
                    lease,
                    new Event(
                            "warning",
                            Map.of(
                                    "layer",
                                    layer.layer(),
                                    "outputError",
                                    layer.relativeOutputError(),
                                    "message",
                                    "layer " + layer.layer() + " has an output error of "
                                            + "%.3g".formatted(layer.relativeOutputError())
                                            + ": its outputs differ from the original's by more than they are large."
                                            + " Ask for more bits, or calibrate with more text")));
        }
    }

    private void insert(JdbcClient client, JobLease lease, Event event) {
        Events.insert(client, json, lease.job(), event.type(), event.data());
    }

    /** What a method does not measure it gives as NaN, which JSON cannot say. */
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}

package io.shiftadd.quantize.job.run;

import io.shiftadd.quantize.job.lease.Events;
import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.JobLease;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Writes what a job has reported, and renews its lease with it; always inside a fenced transaction. */
public final class ProgressWriter {

    private static final String BEAT = """
            update registry.job set
                lease_until = now() + :lease * interval '1 second', heartbeat_at = now(), stage = :stage,
                block_current = :block, block_count = :blocks, progress = :progress, eta_seconds = :eta
            where id = :job
            returning cancel_requested""";

    private final JsonMapper json;
    private final Duration lease;

    public ProgressWriter(JsonMapper json, Duration lease) {
        this.json = json;
        this.lease = lease;
    }

    /** @return whether the job is to be cancelled */
    public boolean write(JdbcClient client, JobLease held, JobProgress.Snapshot now, List<Event> events) {
        for (Event event : events) {
            insert(client, held, event);
        }
        return client.sql(BEAT)
                .param("lease", lease.toMillis() / 1000.0)
                .param("stage", now.stage().column())
                .param("block", now.block())
                .param("blocks", now.blocks())
                .param("progress", now.progress())
                .param("eta", now.etaSeconds())
                .param("job", held.job().value())
                .query(Boolean.class)
                .single();
    }

    public void insert(JdbcClient client, JobLease held, Event event) {
        Events.insert(client, json, held.job(), event.type(), event.data());
    }
}

package io.shiftadd.quantize.job.lease;

import io.shiftadd.job.JobId;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Rows of a job's history, readable by whoever watches it. Those of type {@code state} are the database's own. */
public final class Events {

    /**
     * @param type lower case: stage, block, layer, allocation, candidate, tune, metric, task, warning, error, recovered
     */
    public record Event(String type, Map<String, ?> data) {}

    private Events() {}

    public static void insert(JdbcClient jdbc, JsonMapper json, JobId job, String type, Map<String, ?> data) {
        jdbc.sql("insert into registry.job_event (job_id, type, data) values (:job, :type, :data::jsonb)")
                .param("job", job.value())
                .param("type", type)
                .param("data", json.writeValueAsString(data))
                .update();
    }
}

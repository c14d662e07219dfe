package io.shiftadd.registry.job;

import java.sql.Timestamp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** What workers report of a job: its layers, metrics and events. Plain SQL, because nothing here is ever changed. */
@Repository
class JobRecords {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    JobRecords(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    List<JobLayer> layers(UUID job) {
        return jdbc.sql("""
                select block, layer, bits, inputs, outputs, weight_error, output_error, proxy_loss, sensitivity, seconds, worker
                from registry.job_layer where job_id = :job order by block, layer""").param("job", job).query(JobLayer.class).list();
    }

    /** Values by name, sorted by name. */
    Map<String, Double> metrics(UUID job) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        jdbc.sql("select name, value from registry.job_metric where job_id = :job order by name")
                .param("job", job)
                .query(row -> {
                    metrics.put(row.getString("name"), row.getDouble("value"));
                });
        return metrics;
    }

    /** The next events after one, in their order. */
    List<JobEvent> eventsAfter(UUID job, long after, int limit) {
        return jdbc.sql("""
                select id, at, type, data from registry.job_event
                where job_id = :job and id > :after order by id limit :limit""")
                .param("job", job)
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> new JobEvent(
                        row.getLong("id"),
                        job,
                        row.getTimestamp("at").toInstant(),
                        row.getString("type"),
                        json.readTree(row.getString("data"))))
                .list();
    }

    boolean isActive(UUID job) {
        return jdbc.sql("select state in ('QUEUED', 'RUNNING') from registry.job where id = :job")
                .param("job", job)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    void append(UUID job, String type, Map<String, ?> data) {
        jdbc.sql("insert into registry.job_event (job_id, type, data) values (:job, :type, :data::jsonb)")
                .param("job", job)
                .param("type", type)
                .param("data", json.writeValueAsString(data))
                .update();
    }

    /** The metrics of every job that made or measured a model, the latest first. */
    List<ModelMetrics.Measurement> measurements(UUID model) {
        return jdbc.sql("""
                select j.id, j.kind, j.finished_at from registry.job j
                where j.state = 'SUCCEEDED'
                  and (j.result_model_id = :model or (j.model_id = :model and j.kind = 'EVALUATE'))
                order by j.finished_at desc nulls last, j.id""")
                .param("model", model)
                .query((row, number) -> {
                    UUID job = row.getObject("id", UUID.class);
                    Timestamp finished = row.getTimestamp("finished_at");
                    return new ModelMetrics.Measurement(
                            job,
                            JobKind.valueOf(row.getString("kind")),
                            finished == null ? null : finished.toInstant(),
                            metrics(job));
                })
                .list();
    }
}

package io.shiftadd.registry.job;

import io.shiftadd.job.JobKind;
import java.sql.Timestamp;
import java.util.ArrayList;
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

    List<JobBlock> blocks(UUID job) {
        return jdbc.sql("select block, seconds, worker from registry.job_block where job_id = :job order by block")
                .param("job", job)
                .query(JobBlock.class)
                .list();
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

    /** What was measured of a job's models on tasks: its own model first, then the baseline. */
    List<JobTask> tasks(UUID job) {
        return jdbc.sql("""
                select distinct t.model_id, m.name, j.baseline_model_id is not distinct from t.model_id as beside
                from registry.job_task t join registry.model m on m.id = t.model_id join registry.job j on j.id = t.job_id
                where t.job_id = :job order by beside""")
                .param("job", job)
                .query((row, number) -> {
                    UUID model = row.getObject("model_id", UUID.class);
                    return new JobTask(model, row.getString("name"), scores(job, model));
                })
                .list();
    }

    private List<TaskScore> scores(UUID job, UUID model) {
        return jdbc.sql("""
                select task, metric, value, standard_error, examples from registry.job_task
                where job_id = :job and model_id = :model order by committed_at, task, metric""")
                .param("job", job)
                .param("model", model)
                .query(TaskScore.class)
                .list();
    }

    /** In the order in which layers run; empty for jobs that allocate no bits. */
    List<JobLayerProfile> profile(UUID job) {
        return jdbc.sql("""
                select layer, min(sensitivity) as sensitivity, max(bits) filter (where chosen) as chosen_bits,
                    array_agg(bits order by bits) as bits, array_agg(output_error order by bits) as errors,
                    array_agg(bytes order by bits) as bytes
                from registry.job_layer_profile where job_id = :job group by position, layer order by position""")
                .param("job", job)
                .query((row, number) -> {
                    Integer[] bits = (Integer[]) row.getArray("bits").getArray();
                    Double[] errors = (Double[]) row.getArray("errors").getArray();
                    Long[] bytes = (Long[]) row.getArray("bytes").getArray();
                    List<JobLayerProfile.Measured> measured = new ArrayList<>();
                    for (int i = 0; i < bits.length; i++) {
                        measured.add(new JobLayerProfile.Measured(bits[i], errors[i], bytes[i]));
                    }
                    return new JobLayerProfile(
                            row.getString("layer"),
                            row.getObject("sensitivity", Double.class),
                            row.getObject("chosen_bits", Integer.class),
                            measured);
                })
                .list();
    }

    List<JobCandidate> candidates(UUID job) {
        return jdbc.sql("""
                select number, bytes, mean_bits, perplexity from registry.job_candidate
                where job_id = :job order by number""").param("job", job).query(JobCandidate.class).list();
    }

    /** In the order of steps; of a step that was done again after a break, the last. */
    List<JobTuningStep> tuning(UUID job) {
        return jdbc.sql("""
                select distinct on (step) (data ->> 'step')::int as step, (data ->> 'steps')::int as steps,
                    (data ->> 'loss')::float8 as loss, (data ->> 'tokensPerSecond')::float8 as tokens_per_second
                from registry.job_event where job_id = :job and type = 'tune'
                order by step, id desc""").param("job", job).query(JobTuningStep.class).list();
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

    /** What every job that made or measured a model says of it, the latest first. */
    List<ModelMetrics.Measurement> measurements(UUID model) {
        return jdbc.sql("""
                select j.id, j.kind, j.finished_at, j.baseline_model_id is not distinct from :model as beside
                from registry.job j
                where j.state = 'SUCCEEDED'
                  and (j.result_model_id = :model
                    or (j.kind = 'EVALUATE' and (j.model_id = :model or j.baseline_model_id = :model)))
                order by j.finished_at desc nulls last, j.id""")
                .param("model", model)
                .query((row, number) -> {
                    UUID job = row.getObject("id", UUID.class);
                    Timestamp finished = row.getTimestamp("finished_at");
                    return new ModelMetrics.Measurement(
                            job,
                            JobKind.valueOf(row.getString("kind")),
                            finished == null ? null : finished.toInstant(),
                            // the job's metrics are those of its own model
                            row.getBoolean("beside") ? Map.of() : metrics(job),
                            scores(job, model));
                })
                .list();
    }
}

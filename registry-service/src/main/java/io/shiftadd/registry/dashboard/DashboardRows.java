package io.shiftadd.registry.dashboard;

import io.shiftadd.registry.model.ImportView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What the pages read, in the shape in which they show it. */
@Repository
class DashboardRows {

    /** On what a job measured perplexity: figures compare where this is the same. */
    private static final String MEASURE = """
            coalesce((select name from registry.text where id = j.evaluation_text_id),
                     case when j.settings ->> 'evaluationText' is not null then 'a text that is gone'
                          else 'samples of ' || (j.settings ->> 'modelName') end)
                || ', ' || case when j.settings ->> 'evaluationWindows' = '0' then 'all windows'
                                else (j.settings ->> 'evaluationWindows') || ' windows' end
                || ' of ' || (j.settings ->> 'sequenceLength') || ' tokens'
            """;

    private static final String MODELS = """
            select m.id, m.name, m.family, m.kind = 'ORIGINAL' as original, m.method, m.mean_bits, m.parameters, m.size_bytes,
                   m.job_id, m.created_at, p.name as parent_name, p.size_bytes as original_size_bytes,
                   made.bits_per_weight,
                   coalesce(made.after, measured.perplexity) as perplexity, made.before as original_perplexity,
                   coalesce(made.measure, measured.measure) as measure
            from registry.model m
            left join registry.model p on p.id = m.parent_id
            left join lateral (
                select max(x.value) filter (where x.name = 'bits_per_weight') as bits_per_weight,
                       max(x.value) filter (where x.name = 'perplexity_original') as before,
                       max(x.value) filter (where x.name = 'perplexity_reparameterized') as after,
                       (select %1$s from registry.job j where j.id = m.job_id) as measure
                from registry.job_metric x where x.job_id = m.job_id) made on true
            left join lateral (
                select x.value as perplexity, %1$s as measure
                from registry.job j join registry.job_metric x on x.job_id = j.id
                where j.model_id = m.id and j.state = 'SUCCEEDED' and x.name = 'perplexity_original'
                order by j.finished_at desc limit 1) measured on true
            """.formatted(MEASURE);

    private static final String JOBS = """
            select j.id, j.kind, j.state, j.stage, j.block_current, j.block_count, j.progress, j.eta_seconds,
                   j.state = 'RUNNING' and j.lease_until < now() as heartbeat_lost, j.cancel_requested,
                   coalesce(m.name, j.settings ->> 'modelName') as model_name, j.output_name, r.name as result_name,
                   j.cause, j.remedy, j.lease_owner as worker, j.heartbeat_at, j.priority, j.attempt, j.max_attempts,
                   j.created_at, j.started_at, j.finished_at, j.settings
            from registry.job j
            left join registry.model m on m.id = j.model_id
            left join registry.model r on r.id = j.result_model_id
            """;

    private static final Map<String, String> JOB_ORDER = Map.of(
            "created", "j.created_at desc",
            "name", "coalesce(j.output_name, m.name), j.created_at desc",
            "state",
                    "array_position(array['RUNNING','QUEUED','FAILED','CANCELLED','SUCCEEDED'], j.state), j.created_at desc",
            "progress", "j.progress desc, j.created_at desc",
            "duration", "coalesce(j.finished_at, now()) - j.started_at desc nulls last");

    private static final Map<String, String> MODEL_ORDER = Map.of(
            "created", "m.created_at desc",
            "name", "m.name",
            "family", "m.family, m.name",
            "size", "m.size_bytes desc",
            "perplexity", "perplexity nulls last");

    private static final int MOST_ROWS = 200;

    private final JdbcClient jdbc;

    DashboardRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param order one of the words of the page; another one sorts by age */
    List<ModelRow> models(String order) {
        return jdbc.sql(MODELS + "order by " + MODEL_ORDER.getOrDefault(order, "m.created_at desc") + " limit "
                        + MOST_ROWS)
                .query(ModelRow.class)
                .list();
    }

    Optional<ModelRow> model(UUID id) {
        return jdbc.sql(MODELS + "where m.id = :id")
                .param("id", id)
                .query(ModelRow.class)
                .optional();
    }

    List<FileRow> files(UUID model) {
        return jdbc.sql("select path, size_bytes, sha256 from registry.model_file where model_id = :id order by path")
                .param("id", model)
                .query(FileRow.class)
                .list();
    }

    /** Models made from one, the newest first. */
    List<ModelRow> children(UUID parent) {
        return jdbc.sql(MODELS + "where m.parent_id = :id order by m.created_at desc limit " + MOST_ROWS)
                .param("id", parent)
                .query(ModelRow.class)
                .list();
    }

    /** @param state upper case; null for all, as the other filters */
    List<JobRow> jobs(@Nullable String state, @Nullable String kind, @Nullable String text, String order) {
        return jdbc.sql(JOBS
                        + """
                        where (:state::text is null or j.state = :state) and (:kind::text is null or j.kind = :kind)
                          and (:text::text is null or strpos(lower(concat_ws(' ', j.output_name, m.name, j.id)), lower(:text)) > 0)
                        """
                        + "order by " + JOB_ORDER.getOrDefault(order, "j.created_at desc") + " limit " + MOST_ROWS)
                .param("state", state)
                .param("kind", kind)
                .param("text", text)
                .query(DashboardRows::job)
                .list();
    }

    Optional<JobRow> job(UUID id) {
        return jdbc.sql(JOBS + "where j.id = :id")
                .param("id", id)
                .query(DashboardRows::job)
                .optional();
    }

    List<LayerRow> layers(UUID job) {
        return jdbc.sql("""
                select block, layer, bits, inputs, outputs, weight_error, output_error, proxy_loss, sensitivity, seconds
                from registry.job_layer where job_id = :job order by block, layer""").param("job", job).query(LayerRow.class).list();
    }

    /** How long each finished block took; the first is 0. */
    Map<Integer, Double> blockSeconds(UUID job) {
        Map<Integer, Double> seconds = new LinkedHashMap<>();
        jdbc.sql("select block, seconds from registry.job_block where job_id = :job")
                .param("job", job)
                .query(row -> {
                    seconds.put(row.getInt("block"), row.getDouble("seconds"));
                });
        return seconds;
    }

    Map<String, Double> metrics(UUID job) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        jdbc.sql("select name, value from registry.job_metric where job_id = :job order by name")
                .param("job", job)
                .query(row -> {
                    metrics.put(row.getString("name"), row.getDouble("value"));
                });
        return metrics;
    }

    /** The last events of a job but those that bars and curves tell; the newest first. */
    List<EventRow> events(UUID job, int limit) {
        return jdbc.sql("""
                select id, at, type, data::text as data from registry.job_event
                where job_id = :job and type not in ('layer', 'tune') order by id desc limit :limit""")
                .param("job", job)
                .param("limit", limit)
                .query(EventRow.class)
                .list();
    }

    long lastEvent(UUID job) {
        return jdbc.sql("select coalesce(max(id), 0) from registry.job_event where job_id = :job")
                .param("job", job)
                .query(Long.class)
                .single();
    }

    /** Downloads that run, and those of the last hour that failed. */
    List<ImportView> imports() {
        return jdbc.sql("select " + ImportView.COLUMNS + " from registry.model_import " + """
                where state = 'RUNNING' or (state = 'FAILED' and finished_at > now() - interval '1 hour')
                order by created_at desc limit 10""")
                .query(ImportView.class)
                .list();
    }

    List<String> texts() {
        return jdbc.sql("select name from registry.text order by name")
                .query(String.class)
                .list();
    }

    /** The name of a registered text; empty when it is not there any more. */
    Optional<String> textName(UUID id) {
        return jdbc.sql("select name from registry.text where id = :id")
                .param("id", id)
                .query(String.class)
                .optional();
    }

    /** Sizes that a job tried to keep its perplexity, in the order of trying. */
    List<CandidateRow> candidates(UUID job) {
        return jdbc.sql(
                        "select number, bytes, mean_bits, perplexity from registry.job_candidate where job_id = :job order by number")
                .param("job", job)
                .query(CandidateRow.class)
                .list();
    }

    /**
     * Rates of the latest jobs of a method; of all methods when there were none; a guess when there were none at all.
     */
    JobRates rates(String method) {
        List<JobRates.Past> same = past(method);
        List<JobRates.Past> any = same.isEmpty() ? past(null) : same;
        return any.isEmpty() ? JobRates.GUESS : JobRates.of(any, !same.isEmpty());
    }

    private List<JobRates.Past> past(@Nullable String method) {
        return jdbc.sql("""
                select extract(epoch from j.finished_at - j.started_at)::float8 as seconds, l.fit_seconds, l.weights,
                       ((j.settings ->> 'samples')::float8 + 2 * coalesce((j.settings ->> 'evaluationWindows')::float8, 0))
                           * (j.settings ->> 'sequenceLength')::float8 as tokens,
                       coalesce((j.settings ->> 'rounds')::float8, 1) as rounds,
                       coalesce(t.value, 0) as tune_seconds, coalesce(n.value, 0) as tune_tokens
                from registry.job j
                left join registry.job_metric t on t.job_id = j.id and t.name = 'tune_seconds'
                left join registry.job_metric n on n.job_id = j.id and n.name = 'tune_tokens' cross join lateral (
                    select sum(seconds) as fit_seconds, sum(inputs::float8 * outputs) as weights
                    from registry.job_layer where job_id = j.id) l
                where j.state = 'SUCCEEDED' and j.kind = 'REPARAMETERIZE' and j.attempt = 1 and l.weights > 0
                  and l.fit_seconds is not null and j.started_at is not null and j.finished_at is not null
                  and j.settings ->> 'samples' is not null and j.settings ->> 'sequenceLength' is not null
                  and (:method::text is null or j.settings ->> 'method' = :method)
                order by j.finished_at desc limit 5""").param("method", method).query(JobRates.Past.class).list();
    }

    private static JobRow job(ResultSet row, int number) throws SQLException {
        return new JobRow(
                row.getObject("id", UUID.class),
                row.getString("kind"),
                row.getString("state"),
                row.getString("stage"),
                row.getInt("block_current"),
                row.getInt("block_count"),
                row.getDouble("progress"),
                row.getObject("eta_seconds", Double.class),
                row.getBoolean("heartbeat_lost"),
                row.getBoolean("cancel_requested"),
                row.getString("model_name"),
                row.getString("output_name"),
                row.getString("result_name"),
                row.getString("cause"),
                row.getString("remedy"),
                row.getString("worker"),
                instant(row, "heartbeat_at"),
                row.getInt("priority"),
                row.getInt("attempt"),
                row.getInt("max_attempts"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                row.getString("settings"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}

package io.shiftadd.quantize.job.lease;

import io.shiftadd.job.JobId;
import io.shiftadd.job.JobKind;
import io.shiftadd.job.JobSettings;
import io.shiftadd.job.ModelId;
import io.shiftadd.job.TextId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table registry.job as a queue. Highest priority first; at equal priority owners take turns: first the one with
 * the fewest jobs running, of these the one that had a worker longest ago, and of its jobs the oldest.
 */
public final class JobQueue {

    /** Rows that another worker is just claiming are skipped, not waited for. */
    private static final String NEXT = """
            with running as (
                select owner, count(*) as jobs from registry.job
                where state = 'RUNNING' and lease_until >= now() group by owner),
            turn as (
                select owner, (select heartbeat_at from registry.job s
                               where s.owner = w.owner and s.heartbeat_at is not null
                               order by s.heartbeat_at desc limit 1) as served
                from (select distinct owner from registry.job where state = 'QUEUED') w)
            select j.id, j.state, j.lease_owner, j.lease_version
            from registry.job j left join running r on r.owner = j.owner left join turn t on t.owner = j.owner
            where (j.state = 'QUEUED' and (j.not_before is null or j.not_before <= now()))
               or (j.state = 'RUNNING' and j.lease_until < now())
            order by j.priority desc, coalesce(r.jobs, 0), t.served nulls first, j.created_at, j.id
            limit 1 for no key update of j skip locked""";

    private static final String CLAIM = """
            update registry.job set
                state = 'RUNNING', lease_owner = :worker, lease_version = lease_version + 1,
                lease_until = now() + :seconds * interval '1 second', heartbeat_at = now(),
                started_at = coalesce(started_at, now()), finished_at = null, not_before = null,
                attempt = attempt + case when state = 'QUEUED' then 1 else 0 end, cause = null, remedy = null
            where id = :id
            returning *""";

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final JsonMapper json;
    private final String worker;
    private final Duration lease;

    public JobQueue(
            JdbcClient jdbc, TransactionOperations transaction, JsonMapper json, String worker, Duration lease) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.json = json;
        this.worker = worker;
        this.lease = lease;
    }

    /** Takes the next job that waits, or whose worker has not been heard of for longer than its lease. */
    public Optional<ClaimedJob> claim() {
        return transaction.execute(status -> jdbc.sql(NEXT)
                .query((row, number) -> new Candidate(
                        new JobId(row.getObject("id", UUID.class)),
                        row.getString("state").equals("RUNNING"),
                        row.getString("lease_owner"),
                        row.getLong("lease_version")))
                .optional()
                .map(this::take));
    }

    private ClaimedJob take(Candidate candidate) {
        ClaimedJob job = jdbc.sql(CLAIM)
                .param("worker", worker)
                .param("seconds", lease.toMillis() / 1000.0)
                .param("id", candidate.id.value())
                .query((row, number) -> read(row, candidate))
                .single();
        if (candidate.running) {
            Events.insert(jdbc, json, candidate.id, "recovered", Map.of("worker", worker, "lost", candidate.worker));
        }
        return job;
    }

    private ClaimedJob read(ResultSet row, Candidate candidate) throws SQLException {
        UUID baseline = row.getObject("baseline_model_id", UUID.class);
        return new ClaimedJob(
                candidate.id,
                JobKind.valueOf(row.getString("kind")),
                new ModelId(row.getObject("model_id", UUID.class)),
                text(row, "calibration_text_id"),
                text(row, "evaluation_text_id"),
                baseline == null ? null : new ModelId(baseline),
                JobSettings.parse(row.getString("settings")),
                row.getString("output_name"),
                row.getInt("attempt"),
                row.getInt("max_attempts"),
                candidate.running,
                new JobLease(candidate.id, worker, row.getLong("lease_version")));
    }

    private static @Nullable TextId text(ResultSet row, String column) throws SQLException {
        UUID id = row.getObject(column, UUID.class);
        return id == null ? null : new TextId(id);
    }

    /** The job as it stands, for who works on a part of it; empty if its lease has gone on to another. */
    public Optional<ClaimedJob> find(JobId job, long leaseVersion) {
        return jdbc.sql("""
                select * from registry.job where id = :job and lease_version = :version and state = 'RUNNING'""")
                .param("job", job.value())
                .param("version", leaseVersion)
                .query((row, number) -> read(row, new Candidate(job, false, worker, leaseVersion)))
                .optional();
    }

    /** How often the job lost its worker since something was last finished for it. */
    public int crashesSinceCheckpoint(JobId job) {
        return jdbc.sql("""
                select count(*) from registry.job_event where job_id = :job and type = 'recovered' and id > coalesce(
                    (select max(id) from registry.job_event
                     where job_id = :job
                       and (type in ('block', 'candidate', 'metric', 'task') or (type = 'state' and data ->> 'state' = 'QUEUED'))), 0)""").param("job", job.value()).query(Integer.class).single();
    }

    /**
     * Running jobs whose worker has not been heard of for longer than its lease, and that nobody has taken over yet.
     */
    public int lost() {
        return jdbc.sql("select count(*) from registry.job where state = 'RUNNING' and lease_until < now()")
                .query(Integer.class)
                .single();
    }

    /** Jobs that wait, whether or not their time has come. */
    public int length() {
        return jdbc.sql("select count(*) from registry.job where state = 'QUEUED'")
                .query(Integer.class)
                .single();
    }

    private record Candidate(JobId id, boolean running, String worker, long leaseVersion) {}
}

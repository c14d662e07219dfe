package io.shiftadd.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.postgres.EphemeralPostgres;
import io.shiftadd.postgres.PostgresAccess;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

class MigrationsIT {

    private static final String DIGEST = "0".repeat(64);

    private static PostgresAccess postgres;
    private static JdbcClient jdbc;

    @BeforeAll
    static void migrate() {
        postgres = EphemeralPostgres.newDatabase();
        jdbc = JdbcClient.create(postgres.dataSource());
        Flyway.configure().dataSource(postgres.dataSource()).load().migrate();
    }

    @ParameterizedTest
    @CsvSource({
        "QUEUED, RUNNING",
        "QUEUED, CANCELLED",
        "RUNNING, SUCCEEDED",
        "RUNNING, FAILED",
        "RUNNING, CANCELLED",
        "RUNNING, QUEUED",
        "FAILED, QUEUED",
        "CANCELLED, QUEUED"
    })
    void allowsLegalTransitions(String from, String to) {
        UUID job = jobIn(from);
        go(job, to);
        assertThat(stateOf(job)).isEqualTo(to);
    }

    @ParameterizedTest
    @CsvSource({
        "QUEUED, SUCCEEDED",
        "QUEUED, FAILED",
        "SUCCEEDED, QUEUED",
        "SUCCEEDED, RUNNING",
        "SUCCEEDED, CANCELLED",
        "FAILED, RUNNING",
        "FAILED, SUCCEEDED",
        "CANCELLED, RUNNING",
        "CANCELLED, SUCCEEDED"
    })
    void refusesIllegalTransitions(String from, String to) {
        UUID job = jobIn(from);
        assertThatThrownBy(() -> go(job, to))
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining("cannot go from " + from + " to " + to);
        assertThat(stateOf(job)).isEqualTo(from);
    }

    @Test
    void refusesAJobThatDoesNotStartAsQueued() {
        assertThatThrownBy(() -> jdbc.sql("""
                        insert into registry.job (kind, model_id, settings, state, output_name)
                        values ('REPARAMETERIZE', :model, '{}', 'SUCCEEDED', 'x')""").param("model", model()).update())
                .hasMessageContaining("starts as QUEUED");
    }

    @Test
    void refusesALeaseVersionThatFallsBack() {
        UUID job = jobIn("RUNNING");
        assertThatThrownBy(() -> jdbc.sql("update registry.job set lease_version = 0 where id = :id")
                        .param("id", job)
                        .update())
                .hasMessageContaining("would fall back to 0");
    }

    @Test
    void refusesAFailureWithoutCause() {
        UUID job = jobIn("RUNNING");
        assertThatThrownBy(() -> jdbc.sql("update registry.job set state = 'FAILED', cause = null where id = :id")
                        .param("id", job)
                        .update())
                .hasMessageContaining("job_failed_says_why");
    }

    @Test
    void refusesToDeleteAModelOfAnActiveJob() {
        UUID job = jobIn("QUEUED");
        assertThatThrownBy(() -> jdbc.sql(
                                "delete from registry.model where id = (select model_id from registry.job where id = :id)")
                        .param("id", job)
                        .update())
                .hasMessageContaining("job_active_has_model");
    }

    @Test
    void recordsEveryTransitionAsAnEvent() {
        UUID job = jobIn("QUEUED");
        go(job, "RUNNING");
        go(job, "FAILED");
        assertThat(jdbc.sql("select data->>'state' from registry.job_event where job_id = :id order by id")
                        .param("id", job)
                        .query(String.class)
                        .list())
                .containsExactly("QUEUED", "RUNNING", "FAILED");
    }

    @Test
    void notifiesListenersOfAnEvent() throws SQLException {
        UUID job = jobIn("QUEUED");
        try (Connection connection = postgres.connect()) {
            connection.createStatement().execute("listen job_event");
            event(job);
            assertThat(connection.unwrap(PGConnection.class).getNotifications(5_000))
                    .anySatisfy(notification ->
                            assertThat(notification.getParameter()).isEqualTo(job.toString()));
        }
    }

    @Test
    void showsEventsOfAJobInTheOrderOfTheirIds() throws Exception {
        UUID job = jobIn("QUEUED");
        try (Connection first = postgres.connect()) {
            first.setAutoCommit(false);
            first.createStatement()
                    .execute("insert into registry.job_event (job_id, type) values ('%s', 'early')".formatted(job));
            CompletableFuture<Void> second = CompletableFuture.runAsync(() -> event(job));
            assertThat(second).isNotDone();
            first.commit();
            second.get(10, TimeUnit.SECONDS);
        }
        assertThat(jdbc.sql("select type from registry.job_event where job_id = :id order by id")
                        .param("id", job)
                        .query(String.class)
                        .list())
                .containsExactly("state", "early", "progress");
    }

    @Test
    void keepsTheNameOfAnActiveJobsOutputUnique() {
        UUID job = jobIn("QUEUED");
        String name = jdbc.sql("select output_name from registry.job where id = :id")
                .param("id", job)
                .query(String.class)
                .single();
        assertThatThrownBy(() -> insertJob(model(), name)).hasMessageContaining("job_output_name");
        go(job, "CANCELLED");
        assertThat(insertJob(model(), name)).isNotNull();
    }

    @Test
    void givesSpringBatchItsTables() {
        List<String> tables = jdbc.sql(
                        "select table_name from information_schema.tables where table_schema = 'batch' order by 1")
                .query(String.class)
                .list();
        assertThat(tables)
                .contains(
                        "batch_job_instance",
                        "batch_job_execution",
                        "batch_step_execution",
                        "batch_job_execution_params");
    }

    private static UUID model() {
        return jdbc.sql("""
                insert into registry.model (name, family, kind, location, digest, parameters, size_bytes, shape)
                values (:name, 'llama', 'ORIGINAL', '/m', :digest, 1, 1, '{}') returning id""")
                .param("name", "m-" + UUID.randomUUID())
                .param("digest", DIGEST)
                .query(UUID.class)
                .single();
    }

    private static UUID insertJob(UUID model, String name) {
        return jdbc.sql("""
                insert into registry.job (kind, model_id, settings, output_name)
                values ('REPARAMETERIZE', :model, '{}', :name) returning id""")
                .param("model", model)
                .param("name", name)
                .query(UUID.class)
                .single();
    }

    private static UUID jobIn(String state) {
        UUID job = insertJob(model(), "out-" + UUID.randomUUID());
        List<String> way = new ArrayList<>();
        if (!state.equals("QUEUED")) {
            way.add("RUNNING");
        }
        if (!way.contains(state) && !state.equals("QUEUED")) {
            way.add(state);
        }
        way.forEach(next -> go(job, next));
        return job;
    }

    private static void go(UUID job, String state) {
        jdbc.sql("""
                update registry.job set state = :state, cause = 'c', remedy = 'r', lease_owner = 'w',
                    lease_until = now() + interval '1 minute',
                    lease_version = lease_version + case when :state = 'RUNNING' then 1 else 0 end
                where id = :id""").param("state", state).param("id", job).update();
    }

    private static String stateOf(UUID job) {
        return jdbc.sql("select state from registry.job where id = :id")
                .param("id", job)
                .query(String.class)
                .single();
    }

    private static void event(UUID job) {
        jdbc.sql("insert into registry.job_event (job_id, type) values (:id, 'progress')")
                .param("id", job)
                .update();
    }
}

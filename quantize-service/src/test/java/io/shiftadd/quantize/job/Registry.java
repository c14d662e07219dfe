package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.shiftadd.format.contents.ModelContents;
import io.shiftadd.postgres.EphemeralPostgres;
import io.shiftadd.postgres.PostgresAccess;
import io.shiftadd.quantize.artifact.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** A real database with the registry's tables, and what the registry-service would write into it. */
public final class Registry implements AutoCloseable {

    public static final JsonMapper JSON = JsonMapper.builder().build();

    private static final List<String> OPEN = List.of("QUEUED", "RUNNING");

    private final PostgresAccess access;
    private final HikariDataSource source;

    public Registry() {
        this(EphemeralPostgres.newDatabase());
    }

    public Registry(PostgresAccess access) {
        this.access = access;
        HikariConfig config = new HikariConfig();
        config.setDataSource(access.dataSource());
        config.setMaximumPoolSize(20);
        source = new HikariDataSource(config);
        Flyway.configure().dataSource(source).load().migrate();
    }

    PostgresAccess access() {
        return access;
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(source);
    }

    public TransactionTemplate transaction() {
        return new TransactionTemplate(new JdbcTransactionManager(source));
    }

    /** Registers a directory as the registry-service would. */
    public UUID addModel(String name, Path directory) throws IOException {
        UUID id = UUID.randomUUID();
        jdbc().sql("""
                insert into registry.model (id, name, family, kind, location, digest, parameters, size_bytes, shape)
                values (:id, :name, 'test', 'ORIGINAL', :location, :digest, 3000000, 6000000, '{}')""")
                .param("id", id)
                .param("name", name)
                .param("location", directory.toString())
                .param(
                        "digest",
                        Files.exists(directory)
                                ? ModelContents.read(directory, _ -> {}).digest()
                                : "0".repeat(64))
                .update();
        if (Files.exists(directory)) {
            for (ModelContents.Entry file :
                    ModelContents.read(directory, _ -> {}).files()) {
                jdbc().sql("insert into registry.model_file values (:model, :path, :size, :sha)")
                        .param("model", id)
                        .param("path", file.path())
                        .param("size", file.sizeBytes())
                        .param("sha", file.sha256())
                        .update();
            }
        }
        return id;
    }

    public NewJob job(UUID model) {
        return new NewJob(model);
    }

    public String stateOf(UUID job) {
        return column(job, "state", String.class);
    }

    /** Waits until a job has ended in one way or another; the database may be away meanwhile. */
    void awaitEnd(UUID job, Duration limit) {
        await().atMost(limit)
                .ignoreExceptionsInstanceOf(DataAccessException.class)
                .until(() -> !OPEN.contains(stateOf(job)));
    }

    /** Waits until a job has ended, and not by a failure. */
    void awaitSuccess(UUID job, Duration limit) {
        awaitEnd(job, limit);
        assertThat(column(job, "cause", String.class)).isNull();
        assertThat(stateOf(job)).isEqualTo("SUCCEEDED");
    }

    <T> T column(UUID job, String column, Class<T> type) {
        return jdbc().sql("select " + column + " from registry.job where id = :job")
                .param("job", job)
                .query(type)
                .optional()
                .orElse(null);
    }

    <T> T modelColumn(UUID model, String column, Class<T> type) {
        return jdbc().sql("select " + column + " from registry.model where id = :model")
                .param("model", model)
                .query(type)
                .single();
    }

    /** Of the model that a job made. */
    <T> T resultColumn(UUID job, String column, Class<T> type) {
        return modelColumn(column(job, "result_model_id", UUID.class), column, type);
    }

    /** Database processes of the workers that wait for partitions. */
    List<Integer> partitionListeners() {
        return jdbc().sql("""
                select pid from pg_stat_activity
                where datname = current_database() and query = 'LISTEN int_channel_message_notify'""").query(Integer.class).list();
    }

    UUID addText(String name, Path file) throws IOException {
        UUID id = UUID.randomUUID();
        jdbc().sql(
                        "insert into registry.text (id, name, location, size_bytes, sha256) values (:id, :name, :file, :size, :sha)")
                .param("id", id)
                .param("name", name)
                .param("file", file.toString())
                .param("size", Files.size(file))
                .param("sha", Sha256.of(file))
                .update();
        return id;
    }

    public List<String> events(UUID job, String type) {
        return jdbc().sql("select data::text from registry.job_event where job_id = :job and type = :type order by id")
                .param("job", job)
                .param("type", type)
                .query(String.class)
                .list();
    }

    public void expireLease(UUID job) {
        jdbc().sql("update registry.job set lease_until = now() - interval '1 second' where id = :job")
                .param("job", job)
                .update();
    }

    @Override
    public void close() {
        source.close();
    }

    /** A job as it is posted. */
    public final class NewJob {

        private final UUID model;
        private String owner = "local";
        private int priority;
        private String kind = "REPARAMETERIZE";
        private Map<String, ?> settings = Map.of();
        private UUID calibrationText;
        private UUID evaluationText;
        private UUID baseline;

        NewJob(UUID model) {
            this.model = model;
        }

        public NewJob owner(String name) {
            owner = name;
            return this;
        }

        public NewJob priority(int value) {
            priority = value;
            return this;
        }

        public NewJob kind(String value) {
            kind = value;
            return this;
        }

        public NewJob texts(UUID calibration, UUID evaluation) {
            calibrationText = calibration;
            evaluationText = evaluation;
            return this;
        }

        public NewJob baseline(UUID model) {
            baseline = model;
            return this;
        }

        public NewJob settings(Map<String, ?> values) {
            settings = values;
            return this;
        }

        public UUID post(String name) {
            UUID id = UUID.randomUUID();
            jdbc().sql("""
                    insert into registry.job (id, kind, model_id, settings, owner, priority, output_name,
                        calibration_text_id, evaluation_text_id, baseline_model_id)
                    values (:id, :kind, :model, :settings::jsonb, :owner, :priority, :name, :calibration, :evaluation,
                        :baseline)""")
                    .param("id", id)
                    .param("kind", kind)
                    .param("model", model)
                    .param("settings", JSON.writeValueAsString(settings))
                    .param("owner", owner)
                    .param("priority", priority)
                    .param("name", name)
                    .param("calibration", calibrationText)
                    .param("evaluation", evaluationText)
                    .param("baseline", baseline)
                    .update();
            return id;
        }
    }
}

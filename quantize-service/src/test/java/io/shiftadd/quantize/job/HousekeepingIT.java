package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is removed by policy, and what never is. */
class HousekeepingIT {

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static Worker worker;
    private static UUID model;

    @BeforeAll
    static void start() throws Exception {
        registry = new Registry();
        model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny")));
        worker = Worker.start(registry, data(), Map.of("shiftadd.jobs.concurrency", 1));
    }

    @AfterAll
    static void stop() {
        worker.close();
        registry.close();
    }

    private static Path data() {
        return directory.resolve("data");
    }

    private static void sweep() {
        worker.bean(Housekeeping.class).sweep();
    }

    private static Path work(UUID job) throws IOException {
        return Files.createDirectories(data().resolve("work").resolve(job.toString()));
    }

    private static Path age(Path path, Duration age) throws IOException {
        return Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
    }

    /** In a state that a worker leaves it in, long ago or just now. */
    private static UUID ended(String name, String state, String since) {
        UUID job = UUID.randomUUID();
        registry.jdbc()
                .sql("""
                insert into registry.job (id, kind, model_id, settings, output_name, not_before)
                values (:id, 'REPARAMETERIZE', :model, '{}', :name, now() + interval '1 day')""")
                .param("id", job)
                .param("model", model)
                .param("name", name)
                .update();
        go(job, "state = 'RUNNING', lease_owner = 'w', lease_until = now() + interval '1 hour'");
        go(job, "state = '" + state + "', cause = 'x', remedy = 'y', finished_at = now() - interval '" + since + "'");
        return job;
    }

    private static void go(UUID job, String assignments) {
        registry.jdbc()
                .sql("update registry.job set " + assignments + " where id = :job")
                .param("job", job)
                .update();
    }

    @Test
    void removesTheWorkOfEndedJobsByPolicy() throws Exception {
        Path succeeded = work(ended("succeeded", "SUCCEEDED", "1 second"));
        Path oldFailure = work(ended("old-failure", "FAILED", "8 days"));
        Path newFailure = work(ended("new-failure", "FAILED", "1 day"));
        UUID waiting = ended("waiting", "FAILED", "30 days");
        go(waiting, "state = 'QUEUED', not_before = now() + interval '1 day'");
        Path queued = work(waiting);
        Path foreign = Files.createDirectories(data().resolve("work/not-a-job"));
        Path unknown = age(work(UUID.randomUUID()), Duration.ofDays(8));

        sweep();

        assertThat(succeeded).doesNotExist();
        assertThat(oldFailure).doesNotExist();
        assertThat(unknown).doesNotExist();
        assertThat(newFailure).exists();
        assertThat(queued).exists();
        assertThat(foreign).exists();
    }

    @Test
    void sweepsOrphanedTemporaryFilesAndLeavesThoseThatAreBeingWritten() throws Exception {
        Path directory = work(ended("crashed", "FAILED", "1 hour"));
        Path orphan = age(Files.writeString(directory.resolve(".packed.1.tmp"), "x"), Duration.ofHours(2));
        Path young = Files.writeString(directory.resolve(".packed.2.tmp"), "x");
        Path finished = age(Files.writeString(directory.resolve("packed-0000.safetensors"), "x"), Duration.ofHours(2));

        sweep();

        assertThat(orphan).doesNotExist();
        assertThat(young).exists();
        assertThat(finished).exists();
    }

    @Test
    void removesArtifactsAndCopiesThatNoModelNames() throws Exception {
        String named = registry.modelColumn(model, "digest", String.class);
        Path artifacts = Files.createDirectories(data().resolve("artifacts"));
        Path kept = age(Files.createDirectories(artifacts.resolve(named)), Duration.ofDays(30));
        Path old = age(Files.createDirectories(artifacts.resolve("a".repeat(64))), Duration.ofDays(8));
        Path young = Files.createDirectories(artifacts.resolve("b".repeat(64)));
        Path cache = Files.createDirectories(data().resolve("cache"));
        Path copy = age(Files.createDirectories(cache.resolve(named)), Duration.ofDays(30));
        Path orphan = age(Files.createDirectories(cache.resolve("c".repeat(64))), Duration.ofDays(1));
        Path lost = age(Files.createDirectories(cache.resolve(".arriving-" + named)), Duration.ofHours(2));
        Path arriving = Files.createDirectories(cache.resolve(".arriving-2-" + named));

        sweep();

        assertThat(kept).exists();
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(copy).exists();
        assertThat(orphan).doesNotExist();
        assertThat(lost).doesNotExist();
        assertThat(arriving).exists();
    }

    @Test
    void removesTheBatchHistoryOfJobsThatEndedLongAgo() throws Exception {
        UUID job = registry.job(model)
                .kind("EVALUATE")
                .settings(Map.of("sequenceLength", 8, "evaluationWindows", 1))
                .post(null);
        await().atMost(Duration.ofMinutes(1)).until(() -> registry.stateOf(job).equals("SUCCEEDED"));
        await().atMost(Duration.ofMinutes(1)).until(() -> executions(job) == 1);
        sweep();
        assertThat(executions(job)).isEqualTo(1);

        go(job, "finished_at = now() - interval '31 days'");
        registry.jdbc()
                .sql(
                        "update batch.batch_job_execution set create_time = now() - interval '31 days', status = 'COMPLETED'")
                .update();
        sweep();
        assertThat(executions(job)).isZero();
    }

    private static int executions(UUID job) {
        return registry.jdbc()
                .sql("select count(*) from batch.batch_job_execution_params where parameter_value = :job")
                .param("job", job.toString())
                .query(Integer.class)
                .single();
    }
}

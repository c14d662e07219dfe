package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose blocks are handed out to all workers. */
class PartitionIT {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Of llama-mini, of which a block takes a moment. */
    private static final int BLOCKS = 6;

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static UUID model;
    private static UUID text;
    private static String alone;

    @BeforeAll
    static void runWithOneWorker() throws Exception {
        registry = new Registry();
        model = registry.addModel("mini", Samples.directory("llama-mini"));
        Path file = Files.writeString(
                directory.resolve("text.txt"), "The quick brown fox jumps over a lazy dog. ".repeat(400));
        text = registry.addText("text", file);
        UUID job = post("alone");
        try (Worker worker = Worker.start(registry, data(), Map.of("shiftadd.jobs.threads", 2))) {
            registry.awaitSuccess(job, LIMIT);
        }
        alone = registry.resultColumn(job, "digest", String.class);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static Path data() {
        return directory.resolve("data");
    }

    private static UUID post(String name) {
        Map<String, Object> settings = new HashMap<>(Samples.settings("acc", 2));
        // Long enough that a block can be hit.
        settings.put("rounds", 8);
        settings.put("samples", 256);
        settings.put("calibration", "original");
        return registry.job(model).texts(text, text).settings(settings).post(name);
    }

    /** Ready to work, on partitions only: it looks for jobs once, and there are none yet. */
    private static WorkerProcess startProcess(String name) throws Exception {
        // Those of processes that were just killed may still be there, and go.
        List<Integer> before = registry.partitionListeners();
        WorkerProcess process = WorkerProcess.start(
                registry.access(),
                data(),
                Map.of(
                        "shiftadd.jobs.threads",
                        1,
                        "shiftadd.jobs.worker",
                        name,
                        "shiftadd.jobs.poll",
                        "1h",
                        "logging.level.io.shiftadd.quantize.job.partition.PartitionStep",
                        "info"),
                directory.resolve(name + ".log"));
        await().atMost(LIMIT).until(() -> !before.containsAll(registry.partitionListeners()));
        return process;
    }

    private static Worker startManager() {
        return Worker.start(registry, data(), Map.of("shiftadd.jobs.worker", "one", "shiftadd.jobs.threads", 1));
    }

    private static List<String> workersOfLayers(UUID job) {
        return registry.jdbc()
                .sql("select distinct worker from registry.job_layer where job_id = :job")
                .param("job", job)
                .query(String.class)
                .list();
    }

    @Test
    void threeWorkersShareTheBlocksAndMakeTheSameBytes() throws Exception {
        try (WorkerProcess two = startProcess("two");
                WorkerProcess three = startProcess("three");
                Worker one = startManager()) {
            UUID job = post("shared");
            registry.awaitSuccess(job, LIMIT);

            assertThat(registry.resultColumn(job, "digest", String.class)).isEqualTo(alone);
            assertThat(workersOfLayers(job)).containsExactlyInAnyOrder("one", "two", "three");
            assertThat(registry.events(job, "block")).hasSize(BLOCKS);
            assertThat(registry.column(job, "block_current", Integer.class)).isEqualTo(BLOCKS);
        }
    }

    @Test
    @Tag("faults")
    void aDeadWorkersPartitionIsHandedOutAgain() throws Exception {
        try (WorkerProcess victim = startProcess("victim");
                Worker one = startManager()) {
            UUID job = post("one-dies");
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> isAtWork("victim"));
            victim.kill();
            registry.awaitSuccess(job, LIMIT);

            assertThat(registry.resultColumn(job, "digest", String.class)).isEqualTo(alone);
            assertThat(registry.events(job, "block")).hasSize(BLOCKS);
            assertThat(registry.events(job, "recovered"))
                    .singleElement()
                    .asString()
                    .contains("victim");
            assertThat(registry.column(job, "lease_version", Long.class)).isEqualTo(1);
        }
    }

    @Test
    @Tag("faults")
    void aFrozenWorkersPartitionIsDoneByAnotherAndItsCommitIsRefused() throws Exception {
        try (WorkerProcess zombie = startProcess("zombie");
                Worker one = startManager()) {
            UUID job = post("one-freezes");
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> isAtWork("zombie"));
            zombie.suspend();
            await().atMost(LIMIT)
                    .until(() -> registry.events(job, "recovered").stream().anyMatch(data -> data.contains("zombie")));
            zombie.resume();
            registry.awaitSuccess(job, LIMIT);
            Path log = directory.resolve("zombie.log");
            await().atMost(LIMIT).until(() -> Files.readString(log).contains("ended: Lost"));

            assertThat(registry.resultColumn(job, "digest", String.class)).isEqualTo(alone);
            assertThat(registry.events(job, "block")).hasSize(BLOCKS);
        }
    }

    @Test
    void cancelEndsThePartitionsOfAllWorkers() throws Exception {
        try (WorkerProcess two = startProcess("second");
                Worker one = startManager()) {
            UUID job = post("cancelled");
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> isAtWork("second"));
            registry.jdbc()
                    .sql("update registry.job set cancel_requested = true where id = :job")
                    .param("job", job)
                    .update();
            await().atMost(LIMIT).until(() -> registry.stateOf(job).equals("CANCELLED"));
            await().atMost(LIMIT).until(() -> partitionsAtWork() == 0);
            assertThat(registry.events(job, "block").size()).isLessThan(BLOCKS);

            registry.jdbc()
                    .sql("update registry.job set state = 'QUEUED', cancel_requested = false where id = :job")
                    .param("job", job)
                    .update();
            registry.awaitSuccess(job, LIMIT);
            assertThat(registry.resultColumn(job, "digest", String.class)).isEqualTo(alone);
            assertThat(registry.events(job, "block")).hasSize(BLOCKS);
        }
    }

    @Test
    void aFailureOfAPartitionIsTheJobsWithItsCauseAndRemedy() throws Exception {
        try (Worker one = startManager()) {
            UUID job = post("damaged");
            Path calibration = data().resolve("work").resolve(job.toString()).resolve("calibration-1");
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> Files.exists(calibration.resolve("block-5-reparameterized.f32")));
            Files.delete(calibration.resolve("block-5-reparameterized.f32"));
            registry.awaitEnd(job, LIMIT);
            assertThat(registry.column(job, "cause", String.class))
                    .contains("block-5")
                    .contains("is gone");
            assertThat(registry.column(job, "remedy", String.class)).contains("retry the job");
        }
    }

    /** Each test has workers of its own names. */
    private static boolean isAtWork(String worker) throws IOException {
        return Files.readString(directory.resolve(worker + ".log")).contains("begins");
    }

    private static int partitionsAtWork() {
        return registry.jdbc()
                .sql(
                        "select count(*) from batch.batch_step_execution where status = 'STARTED' and step_name like 'block:%'")
                .query(Integer.class)
                .single();
    }
}

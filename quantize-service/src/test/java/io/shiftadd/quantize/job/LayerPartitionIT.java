package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose blocks wait for each other, with the layers of a block handed out to all workers. */
class LayerPartitionIT {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int BLOCKS = 6;

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static UUID model;
    private static UUID text;
    private static String alone;

    @BeforeAll
    static void runWithOneWorkerThatSpreadsNothing() throws Exception {
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
        settings.put("rounds", 8);
        settings.put("samples", 256);
        return registry.job(model).texts(text, text).settings(settings).post(name);
    }

    private static Map<String, Object> settings(String name) {
        return Map.of(
                "shiftadd.jobs.worker",
                name,
                "shiftadd.jobs.threads",
                1,
                "shiftadd.jobs.spread-layers",
                true,
                "logging.level.io.shiftadd.quantize.job.partition.PartitionStep",
                "info");
    }

    /** Takes partitions; it looks for jobs once, and there are none yet. */
    private static WorkerProcess startProcess(String name) throws Exception {
        // Those of processes that were just killed may still be there, and go.
        List<Integer> before = registry.partitionListeners();
        Map<String, Object> settings = new HashMap<>(settings(name));
        settings.put("shiftadd.jobs.poll", "1h");
        WorkerProcess process =
                WorkerProcess.start(registry.access(), data(), settings, directory.resolve(name + ".log"));
        await().atMost(LIMIT).until(() -> !before.containsAll(registry.partitionListeners()));
        return process;
    }

    private static List<String> workersOfLayers(UUID job) {
        return registry.jdbc()
                .sql("select distinct worker from registry.job_layer where job_id = :job")
                .param("job", job)
                .query(String.class)
                .list();
    }

    @Test
    void threeWorkersShareTheLayersOfABlockAndMakeTheSameBytes() throws Exception {
        try (WorkerProcess two = startProcess("two");
                WorkerProcess three = startProcess("three");
                Worker one = Worker.start(registry, data(), settings("one"))) {
            UUID job = post("shared");
            registry.awaitSuccess(job, LIMIT);

            assertThat(registry.resultColumn(job, "digest", String.class)).isEqualTo(alone);
            assertThat(workersOfLayers(job)).containsExactlyInAnyOrder("one", "two", "three");
            assertThat(registry.events(job, "block")).hasSize(BLOCKS);
        }
    }

    @Test
    @Tag("faults")
    void aDeadWorkersLayerIsHandedOutAgain() throws Exception {
        Path log = directory.resolve("victim.log");
        try (WorkerProcess victim = startProcess("victim");
                Worker one = Worker.start(registry, data(), settings("one"))) {
            UUID job = post("one-dies");
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> Files.readString(log).contains(" begins"));
            victim.kill();
            registry.awaitSuccess(job, LIMIT);

            assertThat(registry.resultColumn(job, "digest", String.class)).isEqualTo(alone);
            assertThat(registry.events(job, "block")).hasSize(BLOCKS);
            assertThat(registry.column(job, "lease_version", Long.class)).isEqualTo(1);
        }
    }

    @Test
    @Tag("faults")
    void whoTakesTheJobOverDoesTheBlockAgain() throws Exception {
        UUID job;
        Path log = directory.resolve("holder.log");
        try (WorkerProcess holder = WorkerProcess.start(registry.access(), data(), settings("holder"), log)) {
            job = post("holder-dies");
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> registry.column(job, "block_current", Integer.class) >= 1
                            && Files.readString(log).contains("Layer model.layers.1."));
            holder.kill();
        }
        try (Worker heir = Worker.start(registry, data(), settings("heir"))) {
            registry.awaitSuccess(job, LIMIT);
        }
        assertThat(registry.resultColumn(job, "digest", String.class)).isEqualTo(alone);
        assertThat(registry.events(job, "block")).hasSize(BLOCKS);
        assertThat(registry.events(job, "recovered")).hasSize(1);
        assertThat(data().resolve("work").resolve(job.toString())).doesNotExist();
    }

    @Test
    void cancelEndsTheLayersThatAreOut() throws Exception {
        Map<String, Object> endless = new HashMap<>(Samples.settings("acc", 2));
        endless.put("rounds", 10_000_000);
        try (Worker one = Worker.start(registry, data(), settings("one"))) {
            UUID job = registry.job(model).texts(text, text).settings(endless).post("cancelled");
            await().atMost(LIMIT).until(() -> layersAtWork(job) > 0);
            registry.jdbc()
                    .sql("update registry.job set cancel_requested = true where id = :job")
                    .param("job", job)
                    .update();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> registry.stateOf(job).equals("CANCELLED"));
            await().atMost(Duration.ofSeconds(20)).until(() -> layersAtWork(job) == 0);
            try (Stream<Path> left = Files.list(data().resolve("work").resolve(job.toString()))) {
                assertThat(left.map(path -> path.getFileName().toString()))
                        .noneMatch(name -> name.startsWith("partition-"));
            }
        }
    }

    private static int layersAtWork(UUID job) {
        return registry.jdbc()
                .sql("""
                        select count(*) from batch.batch_step_execution s join batch.batch_job_execution_params p
                            using (job_execution_id)
                        where p.parameter_value = :job and s.status = 'STARTED' and s.step_name like 'block:%'""")
                .param("job", job.toString())
                .query(Integer.class)
                .single();
    }
}

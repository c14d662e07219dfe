package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures how long one job of wide layers takes when one, two and three processes of one thread each share it. Prints
 * a table and judges bytes alone: seconds are the machine's.
 */
@Tag("faults")
class PartitionSpeedIT {

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final int HIDDEN = 640;
    private static final int BLOCKS = 3;

    @TempDir
    private Path directory;

    /** Blocks that do not wait for each other. */
    @Test
    void blocks() throws Exception {
        measure("blocks", Map.of("calibration", "original"), false);
    }

    /** Layers of blocks that do. */
    @Test
    void layers() throws Exception {
        measure("layers", Map.of(), true);
    }

    private void measure(String what, Map<String, ?> settings, boolean spread) throws Exception {
        try (Registry registry = new Registry()) {
            UUID warmUp = registry.addModel("small", TinyModel.write(directory.resolve("small"), 6, 256));
            UUID model = registry.addModel("wide", TinyModel.write(directory.resolve("wide"), BLOCKS, HIDDEN));
            String digest = null;
            for (int count = 1; count <= 3; count++) {
                List<WorkerProcess> workers = start(registry, count, spread && count > 1);
                try {
                    run(registry, warmUp, settings, count + "-warm-up");
                    Duration before = cpu(workers);
                    UUID job = run(registry, model, settings, count + "-workers");
                    System.out.printf(
                            Locale.ROOT,
                            "%s, %d workers: %.1f s of fits, %.1f s of processors in the whole job%n",
                            what,
                            count,
                            fitSeconds(registry, job),
                            cpu(workers).minus(before).toMillis() / 1e3);
                    String made = registry.resultColumn(job, "digest", String.class);
                    assertThat(made).isEqualTo(digest == null ? made : digest);
                    digest = made;
                } finally {
                    for (WorkerProcess worker : workers) {
                        worker.close();
                    }
                }
            }
        }
    }

    private UUID run(Registry registry, UUID model, Map<String, ?> settings, String name) {
        Map<String, Object> all = new HashMap<>(Samples.settings("acc", 3));
        all.put("sequenceLength", 256);
        all.put("rounds", 20);
        all.putAll(settings);
        UUID job = registry.job(model).settings(all).post(name);
        registry.awaitSuccess(job, LIMIT);
        return job;
    }

    private List<WorkerProcess> start(Registry registry, int count, boolean spread) throws Exception {
        List<WorkerProcess> workers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            workers.add(WorkerProcess.start(
                    registry.access(),
                    directory.resolve("data"),
                    Map.of(
                            "shiftadd.jobs.worker",
                            "worker-" + i,
                            "shiftadd.jobs.threads",
                            1,
                            "shiftadd.jobs.lease",
                            "60s",
                            "shiftadd.jobs.tick",
                            "500ms",
                            "shiftadd.jobs.spread-layers",
                            spread),
                    directory.resolve("worker.log")));
        }
        await().atMost(LIMIT).until(() -> registry.partitionListeners().size() == count);
        return workers;
    }

    private static Duration cpu(List<WorkerProcess> workers) {
        return workers.stream().map(WorkerProcess::processorTime).reduce(Duration.ZERO, Duration::plus);
    }

    /** Of the step that fits, from its first moment to its last. */
    private static double fitSeconds(Registry registry, UUID job) {
        return registry.jdbc()
                .sql("""
                        select distinct extract(epoch from s.end_time - s.start_time) from batch.batch_step_execution s
                        join batch.batch_job_execution_params p on p.job_execution_id = s.job_execution_id
                        where p.parameter_value = :job and s.step_name = 'reparameterize'""")
                .param("job", job.toString())
                .query(Double.class)
                .single();
    }
}

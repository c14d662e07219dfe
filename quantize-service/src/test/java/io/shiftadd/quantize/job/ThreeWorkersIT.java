package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes, as they run in service, at one job of a model of ten million parameters. */
@Tag("faults")
class ThreeWorkersIT {

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final List<String> NAMES = List.of("first", "second", "third");

    @TempDir
    private Path directory;

    @Test
    void allThreeDoPartitionsOfOneJobAndItsBytesAreThoseOfOneWorker() throws Exception {
        Path llama = shared("llama-10m");
        assumeTrue(llama != null, "the model ../shared/models/llama-10m is not there");
        try (Registry registry = new Registry()) {
            UUID model = registry.addModel("llama-10m", llama);
            String alone = run(registry, model, List.of("alone"));
            String shared = run(registry, model, NAMES);
            assertThat(shared).isEqualTo(alone);
        }
    }

    private String run(Registry registry, UUID model, List<String> workers) throws Exception {
        Map<String, Object> settings = new HashMap<>(Samples.settings("lat", 2));
        settings.put("samples", 16);
        settings.put("calibration", "original");
        List<WorkerProcess> processes = new ArrayList<>();
        try {
            for (String name : workers) {
                processes.add(start(registry, name));
            }
            await().atMost(LIMIT).until(() -> registry.partitionListeners().size() == workers.size());
            UUID job = registry.job(model).settings(settings).post("by-" + workers.size());
            registry.awaitSuccess(job, LIMIT);
            Map<String, Long> layers = layersByWorker(registry, job);
            System.out.println("layers by worker: " + layers);
            assertThat(layers.keySet()).containsExactlyInAnyOrderElementsOf(workers);
            return registry.resultColumn(job, "digest", String.class);
        } finally {
            for (WorkerProcess process : processes) {
                process.close();
            }
        }
    }

    private WorkerProcess start(Registry registry, String name) throws Exception {
        return WorkerProcess.start(
                registry.access(),
                directory.resolve("data"),
                Map.of("shiftadd.jobs.worker", name, "shiftadd.jobs.threads", 1, "shiftadd.jobs.lease", "60s"),
                directory.resolve(name + ".log"));
    }

    private static Map<String, Long> layersByWorker(Registry registry, UUID job) {
        Map<String, Long> layers = new TreeMap<>();
        registry.jdbc()
                .sql("select worker, count(*) as layers from registry.job_layer where job_id = :job group by worker")
                .param("job", job)
                .query((row, number) -> layers.put(row.getString("worker"), row.getLong("layers")))
                .list();
        return layers;
    }

    private static Path shared(String name) {
        for (Path root = Path.of("").toAbsolutePath(); root != null; root = root.getParent()) {
            Path model = root.resolve("shared/models").resolve(name);
            if (Files.isDirectory(model)) {
                return model;
            }
        }
        return null;
    }
}

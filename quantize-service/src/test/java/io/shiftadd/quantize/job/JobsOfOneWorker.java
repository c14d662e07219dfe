package io.shiftadd.quantize.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of one worker over a database of their own. */
abstract class JobsOfOneWorker {

    static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    static Path directory;

    static Registry registry;
    static Worker worker;

    @BeforeAll
    static void start() {
        registry = new Registry();
        worker = Worker.start(registry, directory.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() {
        worker.close();
        registry.close();
    }

    /** What a job measured, by name. */
    static Map<String, Double> metrics(UUID job) {
        return registry.jdbc()
                .sql("select name, value from registry.job_metric where job_id = :job")
                .param("job", job)
                .query(rows -> {
                    Map<String, Double> metrics = new HashMap<>();
                    while (rows.next()) {
                        metrics.put(rows.getString(1), rows.getDouble(2));
                    }
                    return metrics;
                });
    }

    /** Settings by which a small model is done in seconds; to be added to. */
    static Map<String, Object> small() {
        return new HashMap<>(
                Map.of("samples", 8, "sequenceLength", 64, "evaluationWindows", 8, "seed", 1, "rounds", 5));
    }
}

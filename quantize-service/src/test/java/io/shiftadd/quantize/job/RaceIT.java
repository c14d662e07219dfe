package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers of several threads each at one queue of small, real jobs; a thousand of them in the profile faults. */
@Tag("race")
class RaceIT {

    private static final int JOBS = Integer.getInteger("shiftadd.race.jobs", 40);

    @TempDir
    private Path directory;

    @Test
    void everyJobIsDoneAndNoneTwice() throws Exception {
        Map<String, Object> settings = Map.of("shiftadd.jobs.concurrency", 4, "shiftadd.jobs.threads", 1);
        try (Registry registry = new Registry()) {
            UUID model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny")));
            List<UUID> jobs = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                jobs.add(registry.job(model)
                        .kind("EVALUATE")
                        .owner("owner-" + i % 5)
                        .settings(Map.of("sequenceLength", 8, "evaluationWindows", 1, "seed", i))
                        .post(null));
            }
            try (Worker one = Worker.start(registry, directory.resolve("data"), settings);
                    Worker two = Worker.start(registry, directory.resolve("data"), settings)) {
                await().atMost(Duration.ofSeconds(60 + 2L * JOBS)).until(() -> unfinished(registry) == 0);
            }
            for (UUID job : jobs) {
                assertThat(registry.column(job, "cause", String.class)).isNull();
                assertThat(registry.stateOf(job)).isEqualTo("SUCCEEDED");
                assertThat(registry.column(job, "lease_version", Long.class)).isEqualTo(1);
                assertThat(registry.events(job, "state")).hasSize(3);
                assertThat(registry.events(job, "task")).hasSize(1);
            }
        }
    }

    private static int unfinished(Registry registry) {
        return registry.jdbc()
                .sql("select count(*) from registry.job where state in ('QUEUED', 'RUNNING')")
                .query(Integer.class)
                .single();
    }
}

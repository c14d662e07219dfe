package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.postgres.LocalPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that goes away while a job runs, and while none does. */
class DatabaseOutageIT {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    /** Longer than the lease of the test's worker. */
    private static final Duration OUTAGE = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    @Test
    void theJobGoesOnWhenTheDatabaseIsBack() throws Exception {
        Path database = directory.resolve("postgres");
        LocalPostgres postgres = LocalPostgres.start(database, 0);
        int port = postgres.access().port();
        try (Registry registry = new Registry(postgres.access());
                Worker worker = Worker.start(registry, directory.resolve("data"), Map.of())) {
            UUID model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny")));

            Map<String, Object> settings = new HashMap<>(Samples.settings("acc", 2));
            settings.put("rounds", 2000);
            UUID first = registry.job(model).settings(settings).post("in-mid-job");
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> registry.column(first, "block_current", Integer.class) >= 1);
            postgres = outage(postgres, database, port);
            registry.awaitSuccess(first, LIMIT);
            // The outage outlasts the lease, so the job either goes on or is taken up again: both are right, a redone
            // block is not.
            assertThat(registry.events(first, "block")).hasSize(TinyModel.BLOCKS);

            postgres = outage(postgres, database, port);
            UUID second =
                    registry.job(model).settings(Samples.settings("lat", 2)).post("after-idle");
            registry.awaitSuccess(second, LIMIT);
        } finally {
            postgres.stop();
        }
    }

    private static LocalPostgres outage(LocalPostgres postgres, Path database, int port) {
        postgres.stop();
        long since = System.nanoTime();
        await().atMost(OUTAGE.multipliedBy(2)).until(() -> System.nanoTime() - since > OUTAGE.toNanos());
        LocalPostgres again = LocalPostgres.start(database, port);
        assertThat(again.access().port()).isEqualTo(port);
        return again;
    }
}

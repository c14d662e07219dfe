package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.postgres.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A database that is away for longer, at each point where a worker needs it; {@link DatabaseOutageIT} is the short
 * form.
 */
@Tag("faults")
class LongOutageIT {

    private static final Duration LIMIT = Duration.ofMinutes(15);

    @TempDir
    private Path directory;

    private enum Point {
        CLAIM,
        HEARTBEAT,
        COMMIT
    }

    @ParameterizedTest(name = "{1} s at {0}")
    @CsvSource({
        "CLAIM, 5",
        "CLAIM, 30",
        "CLAIM, 120",
        "HEARTBEAT, 5",
        "HEARTBEAT, 30",
        "HEARTBEAT, 120",
        "COMMIT, 5",
        "COMMIT, 30",
        "COMMIT, 120"
    })
    void theJobSucceeds(Point point, int seconds) throws Exception {
        Path database = directory.resolve("postgres");
        LocalPostgres postgres = LocalPostgres.start(database, 0);
        int port = postgres.access().port();
        Path data = directory.resolve("data");
        Map<String, Object> defaults = Map.of("shiftadd.jobs.lease", "60s", "shiftadd.jobs.heartbeat", "1s");
        try (Registry registry = new Registry(postgres.access());
                Worker worker = Worker.start(registry, data, defaults)) {
            UUID model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny")));
            Map<String, Object> settings = new HashMap<>(Samples.settings("acc", 2));
            settings.put("samples", 1024);
            Path file = Files.writeString(directory.resolve("text.txt"), "The quick brown fox jumps. ".repeat(4000));
            UUID text = registry.addText("text", file);
            UUID job = registry.job(model).texts(text, text).settings(settings).post("outage");
            Path work = data.resolve("work").resolve(job.toString());
            switch (point) {
                case CLAIM ->
                    registry.jdbc()
                            .sql(
                                    "update registry.job set not_before = now() + interval '2 seconds' where state = 'QUEUED'")
                            .update();
                case HEARTBEAT ->
                    await().atMost(LIMIT)
                            .pollInterval(Duration.ofMillis(20))
                            .until(() -> registry.column(job, "block_current", Integer.class) >= 1);
                case COMMIT ->
                    await().atMost(LIMIT)
                            .pollInterval(Duration.ofMillis(2))
                            .until(() -> Files.exists(work.resolve("packed-0002.safetensors")));
            }
            postgres.stop();
            long since = System.nanoTime();
            await().atMost(Duration.ofSeconds(seconds + 10))
                    .until(() -> System.nanoTime() - since
                            > Duration.ofSeconds(seconds).toNanos());
            postgres = LocalPostgres.start(database, port);
            registry.awaitSuccess(job, LIMIT);
            assertThat(registry.events(job, "block")).hasSize(TinyModel.BLOCKS);
        } finally {
            postgres.stop();
        }
    }
}

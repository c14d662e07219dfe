package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.quantize.artifact.DurableFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CancelIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration HEARD = Duration.ofSeconds(5);

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static UUID model;

    @BeforeAll
    static void start() throws Exception {
        registry = new Registry();
        model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny")));
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    /** Enough rounds that a block takes long enough to be hit. */
    private static Map<String, Object> slowSettings(String method) {
        Map<String, Object> settings = new HashMap<>(Samples.settings(method, 2));
        settings.put("rounds", 2000);
        return settings;
    }

    private static void update(UUID job, String assignments) {
        registry.jdbc()
                .sql("update registry.job set " + assignments + " where id = :job")
                .param("job", job)
                .update();
    }

    private static void awaitState(UUID job, String state) {
        await().atMost(LIMIT).until(() -> registry.stateOf(job).equals(state));
    }

    private static void awaitFirstBlock(UUID job) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> registry.column(job, "block_current", Integer.class) >= 1);
    }

    @Test
    void cancelsARunningJobAndGoesOnWhenItIsRetried() throws Exception {
        UUID job = registry.job(model).settings(slowSettings("acc")).post("cancelled");
        try (Worker worker = Worker.start(registry, directory.resolve("data"), Map.of())) {
            awaitFirstBlock(job);
            update(job, "cancel_requested = true");
            awaitState(job, "CANCELLED");
            int done = registry.column(job, "block_current", Integer.class);
            assertThat(done).isLessThan(6);
            assertThat(directory.resolve("data/work").resolve(job.toString())).isDirectory();

            update(job, "state = 'QUEUED', cancel_requested = false");
            awaitState(job, "SUCCEEDED");
            assertThat(registry.events(job, "block")).hasSize(6);
        }
    }

    /** A block of this width takes much longer than the time in which cancel has to be heard. */
    @Test
    void isHeardInTheMiddleOfALongFit() throws Exception {
        UUID wide = registry.addModel("wide", TinyModel.write(directory.resolve("wide"), 2, 1024));
        Path file = Files.writeString(directory.resolve("text.txt"), "The quick brown fox jumps. ".repeat(400));
        UUID text = registry.addText("text", file);
        UUID job = registry.job(wide)
                .texts(text, text)
                .settings(slowSettings("acc"))
                .post("long-fit");
        try (Worker worker = Worker.start(registry, directory.resolve("data"), Map.of("shiftadd.jobs.threads", 1))) {
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> "reparameterize".equals(registry.column(job, "stage", String.class)));
            // Well into the fit of the first layers.
            long since = System.nanoTime();
            await().until(() ->
                    System.nanoTime() - since > Duration.ofSeconds(1).toNanos());
            update(job, "cancel_requested = true");
            await().atMost(HEARD).until(() -> registry.stateOf(job).equals("CANCELLED"));
        }
        assertThat(registry.column(job, "block_current", Integer.class)).isZero();
        assertThat(registry.events(job, "block")).isEmpty();
    }

    @Test
    void givesARunningJobBackWhenItGoesDown() throws Exception {
        UUID job = registry.job(model).settings(slowSettings("acc")).post("given-back");
        try (Worker worker = Worker.start(registry, directory.resolve("data"), Map.of())) {
            awaitFirstBlock(job);
        }
        assertThat(registry.stateOf(job)).isEqualTo("QUEUED");
        assertThat(registry.column(job, "attempt", Integer.class)).isZero();
        try (Worker worker = Worker.start(registry, directory.resolve("data"), Map.of())) {
            awaitState(job, "SUCCEEDED");
        }
        assertThat(registry.events(job, "block")).hasSize(6);
        assertThat(registry.events(job, "recovered")).isEmpty();
    }

    @Test
    void startsOverWhenItsWorkDirectoryIsGone() throws Exception {
        UUID job = registry.job(model).settings(slowSettings("lat")).post("homeless");
        Path data = directory.resolve("data");
        try (Worker worker = Worker.start(registry, data, Map.of())) {
            awaitFirstBlock(job);
        }
        DurableFiles.deleteTree(data.resolve("work").resolve(job.toString()));
        try (Worker worker = Worker.start(registry, data, Map.of())) {
            awaitState(job, "SUCCEEDED");
        }
        assertThat(registry.events(job, "block").size()).isGreaterThan(6);
        assertThat(Files.isDirectory(data.resolve("work").resolve(job.toString())))
                .isFalse();
    }
}

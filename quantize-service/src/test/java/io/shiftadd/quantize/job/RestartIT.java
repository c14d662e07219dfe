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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that die or freeze in the middle of a job. */
class RestartIT {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static UUID model;
    private static String undisturbed;

    @BeforeAll
    static void runUndisturbed() throws Exception {
        registry = new Registry();
        model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny")));
        UUID job = post("undisturbed");
        try (Worker worker = Worker.start(registry, data(), Map.of("shiftadd.jobs.threads", 2))) {
            registry.awaitSuccess(job, LIMIT);
        }
        undisturbed = registry.resultColumn(job, "digest", String.class);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static Path data() {
        return directory.resolve("data");
    }

    private static UUID post(String name) {
        return registry.job(model).settings(slowSettings()).post(name);
    }

    /** Enough rounds that a block takes long enough to be hit. */
    private static Map<String, Object> slowSettings() {
        Map<String, Object> settings = new HashMap<>(Samples.settings("acc", 2));
        settings.put("rounds", 2000);
        return settings;
    }

    private static WorkerProcess startProcess(int threads) throws Exception {
        return WorkerProcess.start(
                registry.access(), data(), Map.of("shiftadd.jobs.threads", threads), directory.resolve("worker.log"));
    }

    private static void awaitBlocks(UUID job, int blocks) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> registry.column(job, "block_current", Integer.class) >= blocks);
    }

    private static List<Long> leasesOfBlocks(UUID job) {
        return registry.jdbc()
                .sql("select lease_version from registry.job_block where job_id = :job order by block")
                .param("job", job)
                .query(Long.class)
                .list();
    }

    @Test
    void resumesAfterLastCommittedBlockAndEndsInTheSameBytes() throws Exception {
        UUID job = post("killed");
        List<Long> before;
        try (WorkerProcess first = startProcess(1)) {
            awaitBlocks(job, 2);
            first.kill();
            before = leasesOfBlocks(job);
        }
        try (WorkerProcess second = startProcess(2)) {
            registry.awaitSuccess(job, LIMIT);
        }

        assertThat(registry.resultColumn(job, "digest", String.class)).isEqualTo(undisturbed);
        assertThat(before).hasSizeBetween(2, 5).containsOnly(1L);
        List<Long> after = leasesOfBlocks(job);
        assertThat(after).hasSize(6);
        assertThat(after.subList(0, before.size())).isEqualTo(before);
        assertThat(after.subList(before.size(), 6)).containsOnly(2L);
        assertThat(registry.events(job, "recovered")).hasSize(1);
    }

    @Test
    void resumesHoweverOftenItIsKilled() throws Exception {
        UUID job = post("often-killed");
        for (int kill = 0; kill < 3; kill++) {
            try (WorkerProcess worker = startProcess(1)) {
                awaitBlocks(job, 1 + kill);
                worker.kill();
            }
        }
        try (WorkerProcess last = startProcess(1)) {
            registry.awaitSuccess(job, LIMIT);
        }
        assertThat(registry.resultColumn(job, "digest", String.class)).isEqualTo(undisturbed);
        assertThat(registry.events(job, "block").size()).isBetween(6, 6 + 3);
    }

    @Test
    void aWorkerThatWasFrozenBeyondItsLeaseCommitsNothing() throws Exception {
        UUID job = post("frozen");
        Path log = directory.resolve("worker.log");
        long logged = Files.exists(log) ? Files.size(log) : 0;
        try (WorkerProcess zombie = startProcess(1)) {
            awaitBlocks(job, 1);
            zombie.suspend();
            int committed = leasesOfBlocks(job).size();
            try (WorkerProcess heir = startProcess(1)) {
                await().atMost(LIMIT).until(() -> leasesOfBlocks(job).size() > committed);
                zombie.resume();
                registry.awaitSuccess(job, LIMIT);
                await().atMost(LIMIT)
                        .until(() -> Files.readString(log)
                                .substring((int) logged)
                                .contains("nothing of this run is written"));
            }
        }
        assertThat(registry.resultColumn(job, "digest", String.class)).isEqualTo(undisturbed);
        List<Long> leases = leasesOfBlocks(job);
        assertThat(leases).isSorted().hasSize(6).contains(2L);
        assertThat(registry.events(job, "block")).hasSize(6);
    }
}

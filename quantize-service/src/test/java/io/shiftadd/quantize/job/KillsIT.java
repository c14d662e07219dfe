package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at random points and on both sides of a commit, many times in one job; {@link RestartIT} is the short form.
 */
@Tag("faults")
class KillsIT {

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Duration RESUMED = Duration.ofSeconds(90);
    private static final int BLOCKS = 48;
    private static final int KILLS = Integer.getInteger("shiftadd.faults.kills", 20);

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static UUID model;

    @BeforeAll
    static void start() throws Exception {
        registry = new Registry();
        model = registry.addModel("tiny", TinyModel.write(directory.resolve("tiny"), BLOCKS));
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
        settings.put("samples", 128);
        return registry.job(model).settings(settings).post(name);
    }

    private static int committed(UUID job) {
        return registry.jdbc()
                .sql("select count(*) from registry.job_block where job_id = :job")
                .param("job", job)
                .query(Integer.class)
                .single();
    }

    private static void awaitLease(UUID job, long version) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> registry.column(job, "lease_version", Long.class) >= version);
    }

    @Test
    void endsInTheSameBytesHoweverOftenAndWhereverItIsKilled() throws Exception {
        UUID undisturbed = post("undisturbed");
        try (Worker worker = Worker.start(registry, data(), Map.of("shiftadd.jobs.threads", 2))) {
            registry.awaitSuccess(undisturbed, LIMIT);
        }
        UUID job = post("killed");
        Random random = new Random(1);
        Map<Integer, Object> finished = new TreeMap<>();
        int kills = 0;
        while (kills < KILLS) {
            try (WorkerProcess worker = startProcess(Map.of("shiftadd.jobs.threads", 1 + kills % 2))) {
                awaitLease(job, kills + 1);
                int before = committed(job);
                switch (kills % 3) {
                    case 0 -> killWithinCommit(worker, job);
                    case 1 -> killAfterCommit(worker, job, before);
                    default -> killAtRandom(worker, random);
                }
                kills++;
            }
            assertThat(registry.stateOf(job)).as("after kill %d", kills).isEqualTo("RUNNING");
            Map<Integer, Object> files = filesOf(job);
            assertThat(files).as("after kill %d", kills).containsAllEntriesOf(finished);
            finished.putAll(files);
            System.out.println("kill " + kills + ": " + files.size() + " blocks are committed");
        }
        try (WorkerProcess last = startProcess(Map.of("shiftadd.jobs.threads", 2))) {
            registry.awaitSuccess(job, LIMIT);
        }

        assertThat(registry.resultColumn(job, "digest", String.class))
                .isEqualTo(registry.resultColumn(undisturbed, "digest", String.class));
        assertThat(registry.events(job, "recovered")).hasSize(KILLS);
        // No block was committed twice: each kill cost the block that was in work, at most.
        assertThat(registry.events(job, "block")).hasSize(BLOCKS);
        assertThat(committed(job)).isEqualTo(BLOCKS);
    }

    /** The block's files are complete; its rows wait for a lock that we hold. */
    private static void killWithinCommit(WorkerProcess worker, UUID job) throws Exception {
        int before;
        try (Connection connection = registry.access().dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Of all that a worker does, only the commit of a block needs this table for writing.
            statement.execute("lock table registry.job_block in exclusive mode");
            before = committed(job);
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> isWaitingForBlocks());
            assertThat(packed(job, before)).exists();
            worker.kill();
            connection.rollback();
        }
        await().atMost(LIMIT).until(() -> !isWaitingForBlocks());
        assertThat(committed(job)).isEqualTo(before);
    }

    private static boolean isWaitingForBlocks() {
        return registry.jdbc()
                .sql(
                        "select exists (select 1 from pg_locks where not granted and relation = 'registry.job_block'::regclass)")
                .query(Boolean.class)
                .single();
    }

    private static Path packed(UUID job, int block) {
        return data().resolve("work").resolve(job.toString()).resolve("packed-%04d.safetensors".formatted(block));
    }

    /** The files of the blocks that are committed: none of them may ever be made again. */
    private static Map<Integer, Object> filesOf(UUID job) throws IOException {
        Map<Integer, Object> files = new TreeMap<>();
        for (int block = 0; block < committed(job); block++) {
            BasicFileAttributes attributes = Files.readAttributes(packed(job, block), BasicFileAttributes.class);
            files.put(block, List.of(attributes.fileKey(), attributes.lastModifiedTime()));
        }
        return files;
    }

    private static void killAfterCommit(WorkerProcess worker, UUID job, int before) throws Exception {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> committed(job) > before);
        worker.kill();
    }

    private static void killAtRandom(WorkerProcess worker, Random random) throws Exception {
        long end = System.nanoTime() + Duration.ofMillis(random.nextInt(700)).toNanos();
        await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() > end);
        worker.kill();
    }

    @Test
    void isResumedWithinNinetySecondsWithTheDefaultLease() throws Exception {
        Map<String, Object> defaults = Map.of("shiftadd.jobs.lease", "60s", "shiftadd.jobs.heartbeat", "10s");
        UUID job = post("default-lease");
        try (WorkerProcess first = startProcess(defaults)) {
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> committed(job) >= 1);
            first.kill();
        }
        Instant killed = Instant.now();
        try (WorkerProcess second = startProcess(defaults)) {
            awaitLease(job, 2);
            Duration resumed = Duration.between(killed, Instant.now());
            System.out.println("resumed after " + resumed.toMillis() + " ms");
            assertThat(resumed).isLessThan(RESUMED);
            registry.awaitSuccess(job, LIMIT);
        }
    }

    @Test
    void aWorkerFrozenBeyondTheDefaultLeaseCommitsNothing() throws Exception {
        Map<String, Object> defaults = Map.of("shiftadd.jobs.lease", "60s", "shiftadd.jobs.heartbeat", "10s");
        UUID job = post("frozen");
        Path log = directory.resolve("worker.log");
        long logged = Files.exists(log) ? Files.size(log) : 0;
        try (WorkerProcess zombie = startProcess(defaults)) {
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> committed(job) >= 1);
            zombie.suspend();
            try (WorkerProcess heir = startProcess(defaults)) {
                awaitLease(job, 2);
                zombie.resume();
                registry.awaitSuccess(job, LIMIT);
                await().atMost(LIMIT)
                        .until(() -> Files.readString(log)
                                .substring((int) logged)
                                .contains("nothing of this run is written"));
            }
        }
        assertThat(registry.events(job, "block")).hasSize(BLOCKS);
    }

    private static WorkerProcess startProcess(Map<String, ?> settings) throws Exception {
        return WorkerProcess.start(registry.access(), data(), settings, directory.resolve("worker.log"));
    }
}

package io.shiftadd.quantize.job.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.job.JobId;
import io.shiftadd.quantize.job.Registry;
import io.shiftadd.quantize.job.lease.JobStoppedException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JobQueueIT {

    private static Registry registry;
    private static UUID model;

    private final DatabasePatience patience = new DatabasePatience(Duration.ofSeconds(5));

    @BeforeAll
    static void start() throws Exception {
        registry = new Registry();
        model = registry.addModel("any", Path.of("nowhere"));
    }

    @AfterAll
    static void stop() throws Exception {
        registry.close();
    }

    @AfterEach
    void clear() {
        registry.jdbc().sql("delete from registry.job").update();
    }

    private JobQueue queue(String worker) {
        return new JobQueue(registry.jdbc(), registry.transaction(), Registry.JSON, worker, Duration.ofSeconds(60));
    }

    private FencedTransactions fenced() {
        return new FencedTransactions(registry.jdbc(), registry.transaction(), patience);
    }

    private void end(ClaimedJob job, String state) {
        fenced().run(
                        job.lease(),
                        client -> client.sql("update registry.job set state = :state where id = :id")
                                .param("state", state)
                                .param("id", job.id().value())
                                .update());
    }

    @Test
    void claimsByPriorityThenAge() {
        UUID old = registry.job(model).post("old");
        UUID young = registry.job(model).post("young");
        UUID urgent = registry.job(model).priority(5).post("urgent");

        List<UUID> order = new ArrayList<>();
        for (Optional<ClaimedJob> job = queue("w").claim();
                job.isPresent();
                job = queue("w").claim()) {
            order.add(job.get().id().value());
            end(job.get(), "SUCCEEDED");
        }
        assertThat(order).containsExactly(urgent, old, young);
    }

    @Test
    void letsAnotherOwnerGoBeforeTheSecondJobOfTheFirst() {
        UUID first = registry.job(model).owner("many").post("m1");
        UUID second = registry.job(model).owner("many").post("m2");
        UUID other = registry.job(model).owner("one").post("o1");

        JobQueue queue = queue("w");
        assertThat(List.of(
                        queue.claim().orElseThrow().id().value(),
                        queue.claim().orElseThrow().id().value(),
                        queue.claim().orElseThrow().id().value()))
                .containsExactly(first, other, second);
    }

    @Test
    void letsOwnersTakeTurnsWhenOneWorkerDoesAllJobs() {
        List<UUID> many = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            many.add(registry.job(model).owner("many").post("many-" + i));
        }
        List<UUID> few = List.of(
                registry.job(model).owner("few").post("few-0"),
                registry.job(model).owner("few").post("few-1"));
        UUID one = registry.job(model).owner("one").post("one-0");

        List<UUID> order = new ArrayList<>();
        JobQueue queue = queue("w");
        for (Optional<ClaimedJob> job = queue.claim(); job.isPresent(); job = queue.claim()) {
            order.add(job.get().id().value());
            end(job.get(), "SUCCEEDED");
        }
        assertThat(order)
                .containsExactly(many.get(0), few.get(0), one, many.get(1), few.get(1), many.get(2), many.get(3));
    }

    @Test
    void leavesAJobWhoseTimeHasNotCome() {
        UUID job = registry.job(model).post("later");
        registry.jdbc()
                .sql("update registry.job set not_before = now() + interval '1 hour'")
                .update();
        assertThat(queue("w").claim()).isEmpty();
        registry.jdbc()
                .sql("update registry.job set not_before = now() - interval '1 second'")
                .update();
        assertThat(queue("w").claim()).get().returns(new JobId(job), ClaimedJob::id);
    }

    @Test
    void takesOverAJobWhoseLeaseRanOutAndOnlyThen() {
        UUID id = registry.job(model).post("orphan");
        ClaimedJob first = queue("a").claim().orElseThrow();
        assertThat(queue("b").claim()).isEmpty();

        registry.expireLease(id);
        ClaimedJob second = queue("b").claim().orElseThrow();

        assertThat(second.id().value()).isEqualTo(id);
        assertThat(second.takenOver()).isTrue();
        assertThat(second.attempt()).isEqualTo(first.attempt()).isEqualTo(1);
        assertThat(second.lease().version()).isEqualTo(first.lease().version() + 1);
        assertThat(registry.events(id, "recovered")).singleElement().asString().contains("\"lost\": \"a\"");
    }

    @Test
    void refusesTheCommitOfAZombie() {
        UUID id = registry.job(model).post("contested");
        ClaimedJob zombie = queue("a").claim().orElseThrow();
        registry.expireLease(id);
        ClaimedJob heir = queue("b").claim().orElseThrow();

        assertThatThrownBy(() -> end(zombie, "SUCCEEDED"))
                .isInstanceOf(JobStoppedException.class)
                .extracting(failure -> ((JobStoppedException) failure).reason())
                .isEqualTo(Reason.LEASE_LOST);
        assertThat(zombie.lease().stopReason()).isEqualTo(Reason.LEASE_LOST);
        assertThat(registry.stateOf(id)).isEqualTo("RUNNING");

        end(heir, "SUCCEEDED");
        assertThat(registry.stateOf(id)).isEqualTo("SUCCEEDED");
    }

    @Test
    void keepsTheLeaseOfAWorkerThatWasStoppedButNotReplaced() {
        UUID id = registry.job(model).post("slow");
        ClaimedJob job = queue("a").claim().orElseThrow();
        registry.expireLease(id);
        end(job, "SUCCEEDED");
        assertThat(registry.stateOf(id)).isEqualTo("SUCCEEDED");
    }

    @Test
    void countsCrashesSinceTheLastCheckpoint() {
        UUID id = registry.job(model).post("crashing");
        JobQueue queue = queue("a");
        ClaimedJob job = queue.claim().orElseThrow();
        for (int crash = 0; crash < 3; crash++) {
            registry.expireLease(id);
            job = queue.claim().orElseThrow();
        }
        assertThat(queue.crashesSinceCheckpoint(new JobId(id))).isEqualTo(3);
        fenced().run(
                        job.lease(),
                        client -> Events.insert(client, Registry.JSON, new JobId(id), "block", Map.of("block", 1)));
        assertThat(queue.crashesSinceCheckpoint(new JobId(id))).isZero();
    }

    @Test
    void losesNoneAndRunsNoneTwiceWhenWorkersRace() throws Exception {
        int jobs = 200;
        Set<UUID> posted = new HashSet<>();
        for (int i = 0; i < jobs; i++) {
            posted.add(
                    registry.job(model).owner("owner" + i % 7).priority(i % 3).post("race-" + i));
        }
        ConcurrentLinkedQueue<UUID> committed = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> workers = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                JobQueue queue = queue("worker-" + t % 2);
                workers.add(threads.submit(() -> {
                    for (Optional<ClaimedJob> job = queue.claim(); job.isPresent(); job = queue.claim()) {
                        end(job.get(), "SUCCEEDED");
                        committed.add(job.get().id().value());
                    }
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        }
        // A worker that finds all remaining rows locked goes home early; what it left is taken by the others.
        assertThat(new HashSet<>(committed)).isEqualTo(posted);
        assertThat(committed).hasSize(jobs);
        Map<Long, Integer> versions = new HashMap<>();
        registry.jdbc()
                .sql("select lease_version from registry.job")
                .query(Long.class)
                .list()
                .forEach(version -> versions.merge(version, 1, Integer::sum));
        assertThat(versions).isEqualTo(Map.of(1L, jobs));
    }
}

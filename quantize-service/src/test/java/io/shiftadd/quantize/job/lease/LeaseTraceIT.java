package io.shiftadd.quantize.job.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.quantize.job.Registry;
import io.shiftadd.quantize.job.lease.LeaseProtocol.JobState;
import io.shiftadd.quantize.job.lease.LeaseProtocol.Move;
import io.shiftadd.quantize.job.lease.LeaseProtocol.State;
import io.shiftadd.quantize.job.lease.LeaseProtocol.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Keeps {@link LeaseProtocol} in step with the code: the same random schedules of whole transactions are made in both,
 * and the row has to be what the specification says. What two transactions that overlap do to each other is tried with
 * two connections.
 */
class LeaseTraceIT {

    private static Registry registry;
    private static UUID model;

    private final FencedTransactions fenced = new FencedTransactions(
            registry.jdbc(), registry.transaction(), new DatabasePatience(Duration.ofSeconds(5)));

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

    private static JobQueue queue(String worker) {
        return new JobQueue(registry.jdbc(), registry.transaction(), Registry.JSON, worker, Duration.ofSeconds(60));
    }

    private static void update(JdbcClient client, UUID job, String what) {
        client.sql("update registry.job set " + what + " where id = :id")
                .param("id", job)
                .update();
    }

    private static void lapse(UUID job) {
        update(registry.jdbc(), job, "lease_until = now() - interval '1 second'");
    }

    /** A job of the real table beside one of the specification. */
    private final class Pair {
        private final UUID id;
        private final Map<Integer, JobLease> leases = new HashMap<>();
        private State state = State.of(3);

        Pair(int number) {
            id = registry.job(model).post("trace-" + number);
        }

        private JobLease lease(int worker) {
            return leases.get(worker);
        }

        private boolean does(int worker, String what) {
            try {
                fenced.run(lease(worker), client -> update(client, id, what));
                return true;
            } catch (JobStoppedException lost) {
                return false;
            }
        }

        /** Makes a move, and the one that ends its transaction, in both. */
        void make(Move move) {
            int worker = move.worker();
            switch (move.what()) {
                case "claim" -> {
                    Optional<ClaimedJob> claimed = queue("w" + worker).claim();
                    assertThat(claimed).isPresent();
                    leases.put(worker, claimed.get().lease());
                }
                case "commit" -> assertThat(does(worker, "stage = stage")).isTrue();
                case "renew" ->
                    assertThat(does(worker, "lease_until = now() + interval '60 seconds'"))
                            .isTrue();
                case "succeed" ->
                    assertThat(does(worker, "state = 'SUCCEEDED', lease_owner = null, lease_until = null"))
                            .isTrue();
                case "release" ->
                    assertThat(does(worker, "state = 'QUEUED', lease_owner = null, lease_until = null"))
                            .isTrue();
                case "commit refused" ->
                    assertThat(does(worker, "stage = stage")).isFalse();
                case "renew refused" ->
                    assertThat(does(worker, "lease_until = now()")).isFalse();
                case "succeed refused" ->
                    assertThat(does(worker, "state = 'SUCCEEDED'")).isFalse();
                case "release refused" ->
                    assertThat(does(worker, "state = 'QUEUED'")).isFalse();
                case "die" -> leases.remove(worker);
                case "lease runs out" -> lapse(id);
                case "clock back" -> update(registry.jdbc(), id, "lease_until = now() + interval '60 seconds'");
                case "cancel" -> update(registry.jdbc(), id, "state = 'CANCELLED'");
                default -> throw new AssertionError(move.what());
            }
            state = move.next();
            if (worker >= 0 && isWriting(state, worker)) {
                state = LeaseProtocol.REAL.moves(state).stream()
                        .filter(next -> next.what().equals("write") && next.worker() == worker)
                        .findFirst()
                        .orElseThrow()
                        .next();
            }
        }

        void requireSame(String path) {
            Map<String, Object> row =
                    registry.jdbc().sql("""
                            select state, lease_version, coalesce(lease_until < now(), false) as expired
                            from registry.job where id = :id""").param("id", id).query().singleRow();
            assertThat(row)
                    .as(path)
                    .containsEntry("state", state.job().name())
                    .containsEntry("lease_version", (long) state.version())
                    .containsEntry("expired", state.expired());
            leases.forEach((worker, lease) -> {
                int believed = state.workers().get(worker).version();
                assertThat(believed == 0 || believed == lease.version())
                        .as(path)
                        .isTrue();
            });
        }
    }

    private static boolean isWriting(State state, int worker) {
        Step step = state.workers().get(worker).step();
        return step != Step.IDLE && step != Step.HOLDING;
    }

    @Test
    void theRealRowIsWhatTheSpecificationSaysAfterAnyScheduleOfWholeTransactions() {
        Random random = new Random(3);
        for (int round = 0; round < 40; round++) {
            Pair pair = new Pair(round);
            StringBuilder path = new StringBuilder("round " + round);
            for (int i = 0; i < 20 && !pair.state.hasEnded(); i++) {
                List<Move> moves = LeaseProtocol.REAL.moves(pair.state);
                Move move = moves.get(random.nextInt(moves.size()));
                path.append("; ").append(move.what()).append(" by ").append(move.worker());
                pair.make(move);
                pair.requireSame(path.toString());
            }
            assertThat(queue("other").claim().isPresent()).as(path.toString()).isEqualTo(pair.state.isClaimable());
            clear();
        }
    }

    /** Begins a transaction of a worker's and holds it open in the middle. */
    private CompletableFuture<Boolean> hold(JobLease lease, String what, CountDownLatch inside, CountDownLatch until) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                fenced.run(lease, client -> {
                    update(client, lease.job().value(), what);
                    inside.countDown();
                    await(until);
                });
                return true;
            } catch (JobStoppedException lost) {
                return false;
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aJobWhoseWorkerIsInTheMiddleOfACommitIsNotTakenOver() throws InterruptedException {
        UUID job = registry.job(model).post("busy");
        JobLease lease = queue("a").claim().orElseThrow().lease();
        lapse(job);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch until = new CountDownLatch(1);
        CompletableFuture<Boolean> commit = hold(lease, "lease_until = now() + interval '60 seconds'", inside, until);
        inside.await();
        assertThat(queue("b").claim()).isEmpty();
        until.countDown();
        assertThat(commit.join()).isTrue();
        assertThat(queue("b").claim()).isEmpty();
    }

    @Test
    void aCommitThatWaitsForAClaimReadsTheRowAnewAndIsRefused() throws Exception {
        UUID job = registry.job(model).post("slow");
        JobLease old = queue("a").claim().orElseThrow().lease();
        lapse(job);
        CountDownLatch claimed = new CountDownLatch(1);
        CountDownLatch until = new CountDownLatch(1);
        CompletableFuture<Long> claim =
                CompletableFuture.supplyAsync(() -> registry.transaction().execute(status -> {
                    long version = registry.jdbc()
                            .sql("""
                            update registry.job set lease_version = lease_version + 1, lease_owner = 'b',
                                lease_until = now() + interval '60 seconds'
                            where id = :id returning lease_version""")
                            .param("id", job)
                            .query(Long.class)
                            .single();
                    claimed.countDown();
                    await(until);
                    return version;
                }));
        claimed.await();
        CompletableFuture<Boolean> commit =
                hold(old, "state = 'SUCCEEDED'", new CountDownLatch(1), new CountDownLatch(0));
        assertThatThrownBy(() -> commit.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        until.countDown();
        assertThat(claim.join()).isEqualTo(old.version() + 1);
        assertThat(commit.join()).isFalse();
        assertThat(registry.stateOf(job)).isEqualTo(JobState.RUNNING.name());
    }

    @Test
    void twoCommitsOfOneLeaseAreOneAfterTheOther() throws InterruptedException {
        UUID job = registry.job(model).post("twice");
        JobLease lease = queue("a").claim().orElseThrow().lease();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch until = new CountDownLatch(1);
        CompletableFuture<Boolean> first = hold(lease, "block_current = coalesce(block_current, 0) + 1", inside, until);
        inside.await();
        CompletableFuture<Boolean> second = hold(
                lease, "block_current = coalesce(block_current, 0) + 1", new CountDownLatch(1), new CountDownLatch(0));
        until.countDown();
        assertThat(first.join() && second.join()).isTrue();
        assertThat(registry.jdbc()
                        .sql("select block_current from registry.job where id = :id")
                        .param("id", job)
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
    }

    @Test
    void aTransactionThatIsBrokenOffLeavesTheRowAsItWasAndFree() {
        UUID job = registry.job(model).post("broken");
        JobLease lease = queue("a").claim().orElseThrow().lease();
        assertThatThrownBy(() -> fenced.run(lease, client -> {
                    update(client, job, "state = 'SUCCEEDED'");
                    throw new IllegalStateException("died");
                }))
                .hasMessage("died");
        assertThat(registry.stateOf(job)).isEqualTo("RUNNING");
        lapse(job);
        assertThat(queue("b").claim()).isPresent();
    }
}

package io.shiftadd.quantize.job.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.quantize.job.lease.LeaseProtocol.JobState;
import io.shiftadd.quantize.job.lease.LeaseProtocol.Move;
import io.shiftadd.quantize.job.lease.LeaseProtocol.Rule;
import io.shiftadd.quantize.job.lease.LeaseProtocol.State;
import io.shiftadd.quantize.job.lease.LeaseProtocol.Step;
import io.shiftadd.quantize.job.lease.LeaseProtocol.Worker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Walks every interleaving of three workers over one job, as far as it is claimed five times. That the real code does
 * what the specification says is what {@link LeaseTraceIT} looks at.
 */
class LeaseProtocolTest {

    private static final int WORKERS = 3;
    private static final int MOST_CLAIMS = 5;

    /** @param from by which each state was first reached */
    private record Reached(Map<State, List<State>> successors, Map<State, String> path) {}

    private static Reached explore(LeaseProtocol protocol) {
        Map<State, List<State>> successors = new HashMap<>();
        Map<State, String> path = new HashMap<>();
        Deque<State> open = new ArrayDeque<>(List.of(State.of(WORKERS)));
        path.put(State.of(WORKERS), "");
        while (!open.isEmpty()) {
            State state = open.remove();
            List<State> next = new ArrayList<>();
            for (Move move : protocol.moves(state)) {
                next.add(move.next());
                if (!path.containsKey(move.next())) {
                    path.put(move.next(), path.get(state) + "; " + move.what() + " by " + move.worker());
                    if (move.next().version() <= MOST_CLAIMS
                            && move.next().wrong().isEmpty()) {
                        open.add(move.next());
                    }
                }
            }
            successors.put(state, next);
        }
        return new Reached(successors, path);
    }

    @Test
    void noScheduleLetsAnybodyWriteWithoutTheLease() {
        Reached reached = explore(LeaseProtocol.REAL);
        assertThat(reached.path()).hasSizeGreaterThan(2_000);
        reached.path()
                .forEach((state, path) -> assertThat(state.wrong()).as(path).isEmpty());
    }

    @Test
    void versionsOnlyGrowAndWhatHasEndedStaysSo() {
        explore(LeaseProtocol.REAL).successors().forEach((state, next) -> {
            for (State after : next) {
                assertThat(after.version()).isGreaterThanOrEqualTo(state.version());
                if (state.hasEnded()) {
                    assertThat(after.job()).isEqualTo(state.job());
                }
            }
        });
    }

    @Test
    void atMostOneWorkerIsInATransactionOfTheJob() {
        explore(LeaseProtocol.REAL).path().keySet().forEach(state -> {
            long writing = state.workers().stream()
                    .map(Worker::step)
                    .filter(step -> step != Step.IDLE && step != Step.HOLDING)
                    .count();
            assertThat(writing).isLessThanOrEqualTo(1);
        });
    }

    /** Whatever has happened, the job can still be done: nobody's death keeps it for ever. */
    @Test
    void fromEverywhereTheJobCanStillSucceedUnlessItWasCancelled() {
        Reached reached = explore(LeaseProtocol.REAL);
        Map<State, List<State>> predecessors = new HashMap<>();
        reached.successors()
                .forEach((state, next) -> next.forEach(after -> predecessors
                        .computeIfAbsent(after, _ -> new ArrayList<>())
                        .add(state)));
        Set<State> can = new HashSet<>();
        Deque<State> open = new ArrayDeque<>();
        reached.path().keySet().stream()
                .filter(state -> state.job() == JobState.SUCCEEDED)
                .forEach(state -> {
                    can.add(state);
                    open.add(state);
                });
        while (!open.isEmpty()) {
            for (State before : predecessors.getOrDefault(open.remove(), List.of())) {
                if (can.add(before)) {
                    open.add(before);
                }
            }
        }
        reached.path().forEach((state, path) -> {
            if (state.version() < MOST_CLAIMS && state.job() != JobState.CANCELLED) {
                assertThat(can.contains(state)).as(path).isTrue();
            }
        });
    }

    /** Each of the rules is needed: without it the same walk finds a schedule that goes wrong. */
    @ParameterizedTest
    @EnumSource(Rule.class)
    void withoutAnyOneOfItsRulesTheProtocolIsBroken(Rule missing) {
        Reached reached = explore(new LeaseProtocol(EnumSet.complementOf(EnumSet.of(missing))));
        boolean wrong = reached.path().keySet().stream()
                .anyMatch(state -> !state.wrong().isEmpty());
        // With one version for all, a write is taken for the holder's: two hold the same lease.
        boolean shared = reached.path().keySet().stream()
                .anyMatch(state -> state.workers().stream()
                                .filter(worker -> worker.version() > 0 && worker.version() == state.version())
                                .count()
                        > 1);
        assertThat(wrong || shared).isTrue();
    }

    @Test
    void noTwoWorkersEverHaveTheSameVersion() {
        explore(LeaseProtocol.REAL).path().forEach((state, path) -> {
            List<Integer> versions = state.workers().stream()
                    .map(Worker::version)
                    .filter(version -> version > 0)
                    .toList();
            assertThat(versions).as(path).doesNotHaveDuplicates();
        });
    }
}

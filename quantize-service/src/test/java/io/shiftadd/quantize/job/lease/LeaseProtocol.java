package io.shiftadd.quantize.job.lease;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The lease protocol as a specification: what {@link JobQueue}, {@link FencedTransactions} and the renewal of a
 * lease may
 * do with one job, each transaction in two steps, between which others act. A worker may die or be stopped at any step,
 * and the database's clock may jump either way.
 *
 * @param rules that are kept; with fewer of them the protocol is broken, and its test has to see that
 */
record LeaseProtocol(Set<Rule> rules) {

    static final LeaseProtocol REAL = new LeaseProtocol(EnumSet.allOf(Rule.class));

    /** What each of the statements asks for. */
    enum Rule {
        /** A claim locks the row that it reads. */
        CLAIMS_LOCK,
        /** A commit, renewal or end locks the row and finds its own version there. */
        WRITES_ARE_FENCED,
        /** A claim of a running job needs a lease that has run out. */
        LEASES_ARE_KEPT,
        /** Each claim gets a version that nobody had. */
        VERSIONS_GROW
    }

    /** Of the job's row. */
    enum JobState {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        CANCELLED
    }

    /** Where a worker is: without a job, between transactions, or in the middle of one. */
    enum Step {
        IDLE,
        CLAIMING,
        HOLDING,
        COMMITTING,
        RENEWING,
        SUCCEEDING,
        RELEASING
    }

    /** @param version that it believes to hold; 0 = none; while it claims, −1 − the one that it has read */
    record Worker(int version, Step step) {
        static final Worker IDLE = new Worker(0, Step.IDLE);

        /** Whether the lease has run out is decided when the row is read; the clock may jump before it is written. */
        static Worker claiming(int read) {
            return new Worker(-1 - read, Step.CLAIMING);
        }

        boolean hasRead(int version) {
            return this.version == -1 - version;
        }

        Worker at(Step next) {
            return new Worker(version, next);
        }
    }

    /**
     * The job's row, its lock, the workers, and what has gone wrong so far.
     *
     * @param lock the worker whose transaction has locked the row; −1 = none
     * @param expired whether {@code lease_until} is before the database's clock
     * @param wrong what no schedule may lead to; empty = nothing
     */
    record State(JobState job, int version, boolean expired, int lock, List<Worker> workers, String wrong) {

        static State of(int workers) {
            return new State(JobState.QUEUED, 0, false, -1, java.util.Collections.nCopies(workers, Worker.IDLE), "");
        }

        State worker(int number, Worker now) {
            List<Worker> all = new ArrayList<>(workers);
            all.set(number, now);
            return new State(job, version, expired, lock, List.copyOf(all), wrong);
        }

        State locked(int by) {
            return new State(job, version, expired, by, workers, wrong);
        }

        State row(JobState now, int nowVersion, boolean nowExpired) {
            return new State(now, nowVersion, nowExpired, lock, workers, wrong);
        }

        State fault(String what) {
            return wrong.isEmpty() ? new State(job, version, expired, lock, workers, what) : this;
        }

        boolean isClaimable() {
            return job == JobState.QUEUED || job == JobState.RUNNING && expired;
        }

        boolean isHeldBy(Worker worker) {
            return job == JobState.RUNNING && version == worker.version();
        }

        boolean hasEnded() {
            return job == JobState.SUCCEEDED || job == JobState.CANCELLED;
        }
    }

    /** What happens next, by whom, and what is then. */
    record Move(String what, int worker, State next) {}

    /** Everything that may happen. */
    List<Move> moves(State state) {
        List<Move> moves = new ArrayList<>();
        for (int i = 0; i < state.workers().size(); i++) {
            Worker worker = state.workers().get(i);
            switch (worker.step()) {
                case IDLE -> beginClaim(state, i, moves);
                case HOLDING -> {
                    begin(state, i, "commit", Step.COMMITTING, moves);
                    begin(state, i, "renew", Step.RENEWING, moves);
                    begin(state, i, "succeed", Step.SUCCEEDING, moves);
                    begin(state, i, "release", Step.RELEASING, moves);
                }
                default -> moves.add(new Move("write", i, write(state, i)));
            }
            if (worker.step() != Step.IDLE) {
                moves.add(new Move("die", i, unlocked(state, i).worker(i, Worker.IDLE)));
            }
        }
        if (state.job() == JobState.RUNNING) {
            // Time goes on, or the clock is set: forth, or back.
            moves.add(new Move(
                    state.expired() ? "clock back" : "lease runs out",
                    -1,
                    state.row(JobState.RUNNING, state.version(), !state.expired())));
        }
        if (state.job() == JobState.QUEUED && state.lock() < 0) {
            moves.add(new Move("cancel", -1, state.row(JobState.CANCELLED, state.version(), false)));
        }
        return moves;
    }

    /** Rows that another has locked are skipped, not waited for. */
    private void beginClaim(State state, int i, List<Move> moves) {
        boolean may = rules.contains(Rule.LEASES_ARE_KEPT) ? state.isClaimable() : !state.hasEnded();
        if (!may) {
            return;
        }
        State read = state.isClaimable() ? state : state.fault("robbed of a lease");
        State claiming = read.worker(i, Worker.claiming(state.version()));
        if (!rules.contains(Rule.CLAIMS_LOCK)) {
            moves.add(new Move("claim", i, claiming));
        } else if (state.lock() < 0) {
            moves.add(new Move("claim", i, claiming.locked(i)));
        }
    }

    /** Waits for the row's lock, then reads it; who does not find its version there has lost the lease. */
    private void begin(State state, int i, String what, Step step, List<Move> moves) {
        if (!rules.contains(Rule.WRITES_ARE_FENCED)) {
            moves.add(new Move(what, i, state.worker(i, state.workers().get(i).at(step))));
        } else if (state.lock() < 0) {
            Worker worker = state.workers().get(i);
            moves.add(
                    state.isHeldBy(worker)
                            ? new Move(what, i, state.worker(i, worker.at(step)).locked(i))
                            : new Move(what + " refused", i, state.worker(i, Worker.IDLE)));
        }
    }

    private State write(State state, int i) {
        Worker worker = state.workers().get(i);
        State free = unlocked(state, i);
        if (worker.step() == Step.CLAIMING) {
            State checked = worker.hasRead(state.version()) ? free : free.fault("robbed of a lease");
            checked = state.hasEnded() ? checked.fault("claimed a job that had ended") : checked;
            int version = state.version() + (rules.contains(Rule.VERSIONS_GROW) ? 1 : state.version() == 0 ? 1 : 0);
            return checked.row(JobState.RUNNING, version, false).worker(i, new Worker(version, Step.HOLDING));
        }
        State checked = state.isHeldBy(worker) ? free : free.fault("wrote without the lease");
        return switch (worker.step()) {
            case COMMITTING -> checked.worker(i, worker.at(Step.HOLDING));
            case RENEWING -> checked.row(state.job(), state.version(), false).worker(i, worker.at(Step.HOLDING));
            case SUCCEEDING ->
                checked.row(JobState.SUCCEEDED, state.version(), false).worker(i, Worker.IDLE);
            case RELEASING ->
                checked.row(JobState.QUEUED, state.version(), false).worker(i, Worker.IDLE);
            default -> throw new IllegalStateException("writes nothing in step " + worker.step());
        };
    }

    private static State unlocked(State state, int i) {
        return state.lock() == i ? state.locked(-1) : state;
    }
}

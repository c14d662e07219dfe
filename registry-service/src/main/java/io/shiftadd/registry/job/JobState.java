package io.shiftadd.registry.job;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where a job stands. The database enforces the same transitions for every service. */
enum JobState {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    Set<JobState> next() {
        return switch (this) {
            case QUEUED -> Set.of(RUNNING, CANCELLED);
            case RUNNING -> Set.of(SUCCEEDED, FAILED, CANCELLED, QUEUED);
            case FAILED, CANCELLED -> Set.of(QUEUED);
            case SUCCEEDED -> Set.of();
        };
    }

    /** The states from which a client's request leads to another. */
    static List<String> leadingTo(JobState target) {
        return Stream.of(values())
                .filter(state -> state.next().contains(target))
                .filter(state -> target != QUEUED || state != RUNNING)
                .map(Enum::name)
                .toList();
    }
}

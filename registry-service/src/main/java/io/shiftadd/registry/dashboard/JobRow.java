package io.shiftadd.registry.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A job in a table and on its page. */
public record JobRow(
        UUID id,
        String kind,
        String state,
        @Nullable String stage,
        int blockCurrent,
        int blockCount,
        double progress,
        @Nullable Double etaSeconds,
        boolean heartbeatLost,
        boolean cancelRequested,
        @Nullable String modelName,
        @Nullable String outputName,
        @Nullable String resultName,
        @Nullable String cause,
        @Nullable String remedy,
        @Nullable String worker,
        @Nullable Instant heartbeatAt,
        int priority,
        int attempt,
        int maxAttempts,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        String settings) {

    public boolean active() {
        return List.of("QUEUED", "RUNNING").contains(state);
    }

    public boolean retryable() {
        return List.of("FAILED", "CANCELLED").contains(state);
    }

    /** The state in a word for people and for a style. */
    public String word() {
        if (heartbeatLost) {
            return "heartbeat lost";
        }
        return cancelRequested && active() ? "cancelling" : state.toLowerCase(Locale.ROOT);
    }

    public String style() {
        return word().replace(' ', '-');
    }

    public String title() {
        return outputName != null ? outputName : kind.toLowerCase(Locale.ROOT) + " " + modelName;
    }

    /** Whole percents that are done. */
    public int percent() {
        return (int) Math.floor(progress * 100);
    }

    /** Seconds that the job took, or has taken so far. */
    public @Nullable Double seconds() {
        if (startedAt == null) {
            return null;
        }
        Instant end = finishedAt == null ? Instant.now() : finishedAt;
        return Duration.between(startedAt, end).toMillis() / 1000.0;
    }
}

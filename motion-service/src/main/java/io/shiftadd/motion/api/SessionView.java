package io.shiftadd.motion.api;

import io.shiftadd.motion.description.RobotKind;
import io.shiftadd.motion.session.MotionSession;
import io.shiftadd.motion.session.Turn;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/** A session as it is now. */
@Schema(description = "A session as it is now")
record SessionView(
        @Schema(description = "Its id", example = "0b6f2a5e-8f1c-4c39-9f4c-2f1f1f5a3c11")
        String id,

        @Schema(description = "Its robot: quadruped or arm", example = "quadruped", implementation = String.class)
        RobotKind robot,

        @Schema(description = "When it began", example = "2026-01-01T12:00:00Z")
        Instant createdAt,

        @Schema(description = "Simulated seconds since the last reset", example = "12.34")
        double time,

        @Schema(description = "Whether it stands still", example = "false")
        boolean paused,

        @Schema(description = "What was asked for, oldest first")
        List<Turn> turns) {

    static SessionView of(MotionSession session) {
        return new SessionView(
                session.id(),
                session.scene().kind(),
                session.created(),
                session.time(),
                session.isPaused(),
                session.feed().turns());
    }
}

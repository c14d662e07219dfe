package io.shiftadd.motion.session;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.shiftadd.motion.reward.Term;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/** One moment of a session. */
@Schema(description = "One moment of a session; 25 a second")
public record Frame(
        @JsonIgnore long number,

        @Schema(description = "Simulated seconds since the last reset", example = "12.34")
        double time,

        @Schema(
                description =
                        "Seven numbers a body, in the scene's order: x, y, z in metres, and w, x, y, z of its rotation")
        double[] pose,

        @JsonIgnore double[] joints,

        @Schema(description = "What the reward's terms cost just now, weighted", example = "{\"height\": 0.004}")
        Map<Term, Double> terms,

        @Schema(description = "Their sum", example = "0.031")
        double cost,

        @Schema(description = "Milliseconds that the last plan took", example = "9.4")
        double planMilliseconds,

        @Schema(description = "Samples a plan; fewer when the machine is busy", example = "32")
        int samples,

        @Schema(description = "Simulated seconds per second", example = "1.0")
        double realTime,

        @Schema(description = "Plans a second", example = "92")
        double plansPerSecond,

        @Schema(description = "Whether the session stands still", example = "false")
        boolean paused,

        @Schema(description = "Number of the turn that is carried out; 0 before the first", example = "3")
        int turn) {}

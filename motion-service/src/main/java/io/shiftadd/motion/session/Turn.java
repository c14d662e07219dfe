package io.shiftadd.motion.session;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One thing that was asked for, and what became of it. */
@Schema(description = "One thing that was asked for, and what became of it")
public record Turn(
        @Schema(description = "Counts from 1", example = "3")
        int number,

        @Schema(description = "Simulated seconds", example = "12.34")
        double time,

        @Schema(
                description = "What was said; null when a description or a reward was sent without words",
                example = "Lift your front right paw.")
        @Nullable
        String text,

        @Schema(description = "Whether the robot does it now; if not, it goes on as before", example = "true")
        boolean applied,

        @Schema(
                description = "What was wrong, when it is not applied",
                example = "torso.height is 5; allowed: 0.05 to 0.65 metres")
        @Nullable
        String problem,

        @Schema(
                description = "The description that it is; null for a reward by hand, or when there is none",
                implementation = Map.class)
        @Nullable
        JsonNode description,

        @Schema(
                description = "The parameters of the reward that differ from what they are when nothing is said",
                implementation = Map.class)
        @Nullable
        JsonNode reward,

        @Schema(description = "Milliseconds from the request to the first plan with the new reward", example = "840")
        @Nullable
        Integer milliseconds) {}

package io.shiftadd.motion.api;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How a session begins. */
@Schema(description = "How a session begins")
record SessionRequest(
        @Schema(description = "Of the planner's random numbers; 1 unless set", example = "1") @Nullable
        Long seed) {}

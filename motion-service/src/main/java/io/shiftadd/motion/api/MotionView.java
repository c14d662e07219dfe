package io.shiftadd.motion.api;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What this service has to work with. */
@Schema(description = "What this service has to work with")
record MotionView(
        @Schema(description = "Whether robots can be simulated", example = "true")
        boolean available,

        @Schema(description = "Version of MuJoCo; null when it is not there", example = "2.2.2") @Nullable
        String mujoco,

        @Schema(description = "Why not, and what to do; null when it is available", example = "Install libmujoco2.2.2")
        @Nullable
        String remedy,

        @Schema(description = "Name of the language model that instructions go to", example = "motion-mini")
        String languageModel,

        @Schema(description = "Sessions that run", example = "1")
        int sessions,

        @Schema(description = "Sessions that may run", example = "2")
        int mostSessions,

        @Schema(description = "Seconds after which a session that nobody uses ends", example = "120")
        long idleSeconds) {}

package io.shiftadd.registry.job;

import io.swagger.v3.oas.annotations.media.Schema;

/** A decoder block that a job has finished. */
@Schema(description = "A decoder block that the job has finished")
record JobBlock(
        @Schema(description = "The first is 0", example = "0")
        int block,

        @Schema(description = "Time from its first calibration pass to its packed file", example = "2.1")
        double seconds,

        @Schema(description = "Who did it", example = "4711@host")
        String worker) {}

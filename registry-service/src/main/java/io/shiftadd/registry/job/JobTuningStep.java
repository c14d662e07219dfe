package io.shiftadd.registry.job;

import io.swagger.v3.oas.annotations.media.Schema;

/** A point of the loss curve of a tuning. */
@Schema(description = "A point of the loss curve of a tuning")
record JobTuningStep(
        @Schema(description = "Steps that were done, from 1", example = "16")
        int step,

        @Schema(description = "Steps that there will be", example = "256")
        int steps,

        @Schema(
                description =
                        "Mean KL divergence of the original's and the result's next-token distributions over the steps"
                                + " since the point before, in nats a token",
                example = "0.183")
        double loss,

        @Schema(description = "Tokens trained on in a second, by the worker that did it", example = "1140.5")
        double tokensPerSecond) {}

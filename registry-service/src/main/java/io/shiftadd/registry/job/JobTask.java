package io.shiftadd.registry.job;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;

/** What an evaluation measured of one of its models. */
@Schema(description = "What an evaluation measured of one of its models")
record JobTask(
        UUID modelId,
        @Schema(example = "llama-mini-acc-3bit") String modelName,

        @Schema(description = "In the order in which they were done; parts of a task follow it")
        List<TaskScore> scores) {}

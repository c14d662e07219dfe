package io.shiftadd.registry.job;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Something that happened to a job. */
@Schema(description = "Something that happened to a job: the data of a server-sent event")
record JobEvent(
        @Schema(description = "Grows with time; the id of the server-sent event", example = "17")
        long id,

        UUID jobId,
        Instant at,

        @Schema(
                description =
                        "The event of the server-sent event: state, stage, block, layer, tune, metric, warning, error, …",
                example = "state")
        String type,

        @Schema(
                description = "What else there is to say, depending on the type",
                type = "object",
                example = "{\"state\": \"RUNNING\", \"from\": \"QUEUED\", \"attempt\": 1}")
        JsonNode data) {}

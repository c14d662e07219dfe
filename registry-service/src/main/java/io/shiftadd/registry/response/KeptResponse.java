package io.shiftadd.registry.response;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/** A response that is kept, as JSON that is handed on as it came. */
@Schema(name = "KeptResponse", description = "A response that a client may go on from")
record KeptResponse(
        @Schema(example = "resp_5f0c2b9a6d1e4c3f") String id,

        @Schema(description = "What it answers, the oldest first, earlier turns included", type = "array") @JsonRawValue
        String items,

        @Schema(description = "The response itself", type = "object") @JsonRawValue
        String response,

        Instant createdAt,

        @Schema(description = "From when on it is forgotten")
        Instant expiresAt) {}

package io.shiftadd.registry.access;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a service needs to know of a valid key. */
@Schema(description = "What a valid key is good for")
record VerifiedKey(
        UUID id,
        @Schema(example = "laptop") String name,

        @Schema(description = "What the key is good for", example = "[\"inference\"]")
        List<Scope> scopes,

        @Schema(description = "No limit when null", example = "60") @Nullable
        Integer requestsPerMinute,

        @Schema(description = "No limit when null", example = "4") @Nullable
        Integer maxConcurrentRequests) {}

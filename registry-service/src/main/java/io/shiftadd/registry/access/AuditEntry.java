package io.shiftadd.registry.access;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One line of the audit log. */
@Schema(description = "A change that somebody made, or was refused")
public record AuditEntry(
        @Schema(example = "42") long id,
        Instant at,

        @Schema(description = "Name of the key, or the address of a caller who needed none", example = "laptop")
        String actor,

        @Schema(description = "Id of the key") @Nullable UUID keyId,

        @Schema(description = "The operation", example = "deleteModel")
        String action,

        @Schema(description = "Path of what was changed or made", example = "/api/v1/models/llama-mini")
        String target,

        @Schema(description = "HTTP status of the answer", example = "204")
        int status,

        @Schema(description = "Id of the request, as in the log", example = "req_4f1c…")
        String requestId) {}

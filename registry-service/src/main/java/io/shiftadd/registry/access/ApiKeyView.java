package io.shiftadd.registry.access;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An API key as it is listed: everything but the key. */
@Schema(name = "ApiKey", description = "An API key without its secret")
record ApiKeyView(
        UUID id,
        @Schema(example = "laptop") String name,

        @Schema(description = "How the key begins", example = "sk-shiftadd-Zk3vQ1")
        String prefix,

        @Schema(description = "What the key is good for", example = "[\"inference\"]")
        List<Scope> scopes,

        @Schema(description = "Requests a minute on the inference API; no limit when null", example = "60") @Nullable
        Integer requestsPerMinute,

        @Schema(description = "Requests at the same time on the inference API; no limit when null", example = "4")
        @Nullable
        Integer maxConcurrentRequests,

        Instant createdAt,

        @Schema(description = "From when on the key is not valid any more") @Nullable
        Instant expiresAt,

        @Schema(description = "When the key was revoked") @Nullable
        Instant revokedAt,

        @Schema(description = "When the key was last used, to the minute") @Nullable
        Instant lastUsedAt) {

    boolean allows(Scope scope) {
        return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
    }
}

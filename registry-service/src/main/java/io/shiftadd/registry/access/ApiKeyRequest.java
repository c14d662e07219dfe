package io.shiftadd.registry.access;

import io.shiftadd.registry.request.RequestFields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What POST /api/v1/api-keys is sent. */
@Schema(description = "An API key to be made")
record ApiKeyRequest(
        @Schema(
                description = "What the key is for; no two valid keys share a name",
                requiredMode = Schema.RequiredMode.REQUIRED,
                maxLength = 100,
                example = "laptop")
        String name,

        @Schema(
                description = "admin: everything; inference: the OpenAI-style API, and reading which models there are",
                defaultValue = "[\"inference\"]",
                example = "[\"inference\"]")
        Set<Scope> scopes,

        @Schema(description = "Requests a minute on the inference API; no limit when absent", minimum = "1") @Nullable
        Integer requestsPerMinute,

        @Schema(description = "Requests at the same time on the inference API; no limit when absent", minimum = "1")
        @Nullable
        Integer maxConcurrentRequests,

        @Schema(description = "From when on the key is not valid any more; never when absent") @Nullable
        Instant expiresAt) {

    private static final int MAX_NAME = 100;
    private static final int MAX_LIMIT = 1_000_000;

    static ApiKeyRequest read(JsonNode body, Instant now) {
        RequestFields fields = RequestFields.of(body);
        String name = fields.require("name", fields.text("name", MAX_NAME), "a text of 1 to 100 characters");
        ApiKeyRequest request = new ApiKeyRequest(
                name == null ? "" : name.strip(),
                scopes(fields, body),
                fields.integer("requestsPerMinute", 1, MAX_LIMIT),
                fields.integer("maxConcurrentRequests", 1, MAX_LIMIT),
                expiry(fields, now));
        fields.finish();
        return request;
    }

    private static Set<Scope> scopes(RequestFields fields, JsonNode body) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        if (!fields.has("scopes")) {
            scopes.add(Scope.INFERENCE);
            return scopes;
        }
        JsonNode list = body.path("scopes");
        boolean valid = list.isArray() && !list.isEmpty();
        for (JsonNode word : list) {
            valid &= word.isString() && Set.of("admin", "inference").contains(word.asString());
            if (valid) {
                scopes.add(Scope.valueOf(word.asString().toUpperCase(Locale.ROOT)));
            }
        }
        if (!valid) {
            fields.refuse("scopes", "is not valid", "a list of one or both of admin and inference", null);
        }
        return scopes;
    }

    private static @Nullable Instant expiry(RequestFields fields, Instant now) {
        String text = fields.text("expiresAt", MAX_NAME);
        if (text == null) {
            return null;
        }
        String limit = "a time in the future in ISO 8601, such as 2030-01-31T12:00:00Z";
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return time.isAfter(now) ? time : fields.refuse("expiresAt", "is in the past", limit, null);
        } catch (DateTimeParseException e) {
            return fields.refuse("expiresAt", "is not a time with an offset", limit, null);
        }
    }

    List<String> scopeWords() {
        return scopes.stream().map(Scope::word).toList();
    }
}

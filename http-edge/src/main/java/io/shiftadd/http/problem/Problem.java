package io.shiftadd.http.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** An error response, media type {@code application/problem+json} (RFC 9457). */
@Schema(description = "Problem details (RFC 9457), media type application/problem+json")
public record Problem(
        @Schema(description = "Stable URI of the kind of problem", example = "urn:shiftadd:problem:invalid-field")
        String type,

        @Schema(description = "The kind of problem in words", example = "A field of the request is not valid")
        String title,

        @Schema(description = "HTTP status", example = "400")
        int status,

        @Schema(
                description = "What happened this time, with limit and remedy",
                example = "bits is 7; allowed: 2, 3 or 4")
        String detail,

        @Schema(description = "Path of the request", example = "/api/v1/jobs")
        String instance,

        @Schema(description = "The fields that are wrong; absent when no single field is to blame")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<FieldError> errors) {

    public static Problem of(ProblemType type, String detail, String instance, List<FieldError> errors) {
        return new Problem(type.uri().toString(), type.title(), type.status().value(), detail, instance, errors);
    }
}

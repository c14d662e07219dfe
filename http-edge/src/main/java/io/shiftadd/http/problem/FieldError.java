package io.shiftadd.http.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is wrong with one field, what it may be, and what to do. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "What is wrong with one field of the request")
public record FieldError(
        @Schema(description = "Name of the field, parameter or header", example = "bits")
        String field,

        @Schema(description = "What is wrong", example = "is 7")
        String message,

        @Schema(description = "What is allowed", example = "2, 3 or 4") @Nullable
        String limit,

        @Schema(description = "What to do about it", example = "send bits 2, 3 or 4, or meanBits for a budget")
        @Nullable
        String remedy) {}

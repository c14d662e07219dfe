package io.shiftadd.inference.openai.error;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The error object of every endpoint; all four members are always there. */
@Schema(name = "ErrorResponse", description = "What went wrong")
public record ErrorBody(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) Details error) {

    /**
     * @param param the field at fault, null when there is none
     * @param code a stable word for programs, null when the type says it all
     */
    @Schema(name = "ErrorDetails")
    public record Details(
            @Schema(
                    description = "What, where, the limit and the remedy",
                    example = "'temperature' is 3.5; it must be a number from 0 to 2",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String message,

            @Schema(
                    description = "Kind of error",
                    allowableValues = {
                        "invalid_request_error",
                        "permission_error",
                        "rate_limit_error",
                        "service_unavailable_error",
                        "server_error"
                    },
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(
                    description = "The field at fault",
                    example = "temperature",
                    nullable = true,
                    requiredMode = Schema.RequiredMode.REQUIRED)
            @Nullable
            String param,

            @Schema(
                    description = "A stable word for programs",
                    example = "context_length_exceeded",
                    nullable = true,
                    requiredMode = Schema.RequiredMode.REQUIRED)
            @Nullable
            String code) {}
}

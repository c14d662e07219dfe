package io.shiftadd.inference.anthropic;

import io.shiftadd.inference.openai.answer.StreamEnd;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.error.ErrorForm;
import io.swagger.v3.oas.annotations.media.Schema;
import org.springframework.stereotype.Component;

/** Errors as Anthropic's API has them, for whatever is asked below its address. */
@Component
class MessagesErrors implements ErrorForm {

    static final String PATH = "/v1/messages";

    /** An error after the first byte is the last event. */
    static final StreamEnd IN_STREAM = new StreamEnd() {
        @Override
        public void failed(ApiException error, Events out) {
            out.event("error", MessagesErrors.of(error));
        }
    };

    /** An error. */
    @Schema(name = "MessagesError", description = "What went wrong")
    record ErrorAnswer(@Schema(allowableValues = "error") String type, Details error) {}

    /** What it is. */
    @Schema(name = "MessagesErrorDetails")
    record Details(
            @Schema(
                    description = "Kind of error",
                    allowableValues = {
                        "invalid_request_error",
                        "authentication_error",
                        "permission_error",
                        "not_found_error",
                        "request_too_large",
                        "rate_limit_error",
                        "overloaded_error",
                        "api_error"
                    })
            String type,

            @Schema(
                    description = "What, where, the limit and the remedy",
                    example = "'temperature' is 3.5; it must be a number from 0 to 2")
            String message) {}

    @Override
    public boolean isFor(String path) {
        return path.equals(PATH) || path.startsWith(PATH + "/");
    }

    @Override
    public Class<? extends Record> type() {
        return ErrorAnswer.class;
    }

    @Override
    public Record body(ApiException error) {
        return of(error);
    }

    private static ErrorAnswer of(ApiException error) {
        String type = switch (error.status()) {
            case UNAUTHORIZED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case CONTENT_TOO_LARGE -> "request_too_large";
            case TOO_MANY_REQUESTS -> "rate_limit_error";
            case SERVICE_UNAVAILABLE -> "overloaded_error";
            default -> error.status().is4xxClientError() ? "invalid_request_error" : "api_error";
        };
        return new ErrorAnswer("error", new Details(type, String.valueOf(error.getMessage())));
    }
}

package io.shiftadd.inference.openai.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A request that is answered with an error; carries everything that the error object says. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String type;
    private final @Nullable String parameter;
    private final @Nullable String code;
    private final @Nullable Duration retryAfter;

    private ApiException(
            HttpStatus status,
            String type,
            @Nullable String parameter,
            @Nullable String code,
            @Nullable Duration retryAfter,
            String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.parameter = parameter;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** 400: the request cannot be. */
    public static ApiException invalid(@Nullable String parameter, String message) {
        return invalid(parameter, null, message);
    }

    /** 400 with a code for programs. */
    public static ApiException invalid(@Nullable String parameter, @Nullable String code, String message) {
        return of(HttpStatus.BAD_REQUEST, parameter, code, message);
    }

    /** Any other 4xx that is the client's to mend. */
    public static ApiException of(
            HttpStatus status, @Nullable String parameter, @Nullable String code, String message) {
        return new ApiException(status, "invalid_request_error", parameter, code, null, message);
    }

    /** 401: no key, or not a valid one. */
    public static ApiException unauthorized(String message) {
        return new ApiException(
                HttpStatus.UNAUTHORIZED, "invalid_request_error", null, "invalid_api_key", null, message);
    }

    /** 403: the key does not allow this. */
    public static ApiException forbidden(String message) {
        return new ApiException(HttpStatus.FORBIDDEN, "permission_error", null, "insufficient_scope", null, message);
    }

    /** 429: later. */
    public static ApiException tooMany(String code, Duration retryAfter, String message) {
        return new ApiException(HttpStatus.TOO_MANY_REQUESTS, "rate_limit_error", null, code, retryAfter, message);
    }

    /** 503: not now, and not the client's doing. */
    public static ApiException unavailable(String code, Duration retryAfter, String message) {
        return new ApiException(
                HttpStatus.SERVICE_UNAVAILABLE, "service_unavailable_error", null, code, retryAfter, message);
    }

    /** 503 that stays until somebody mends something: asking again is of no use. */
    public static ApiException broken(String code, String message) {
        return new ApiException(HttpStatus.SERVICE_UNAVAILABLE, "service_unavailable_error", null, code, null, message);
    }

    /** 500: ours. */
    public static ApiException internal(String message) {
        return internal("internal_error", message);
    }

    /** 500 with a code for programs. */
    public static ApiException internal(String code, String message) {
        return new ApiException(HttpStatus.INTERNAL_SERVER_ERROR, "server_error", null, code, null, message);
    }

    public HttpStatus status() {
        return status;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** The body that says it. */
    public ErrorBody body() {
        return new ErrorBody(new ErrorBody.Details(String.valueOf(getMessage()), type, parameter, code));
    }
}

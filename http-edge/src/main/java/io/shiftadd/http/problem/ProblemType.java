package io.shiftadd.http.problem;

import java.net.URI;
import org.springframework.http.HttpStatus;

/**
 * The kinds of failure that the platform's APIs tell apart: docs/problems.md. The URIs are part of the API: they never
 * change.
 */
public enum ProblemType {
    MALFORMED_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be read"),
    INVALID_FIELD(HttpStatus.BAD_REQUEST, "A field of the request is not valid"),
    UNAUTHORIZED(HttpStatus.UNAUTHORIZED, "A valid API key is required"),
    FORBIDDEN(HttpStatus.FORBIDDEN, "The API key does not allow this"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "There is no such thing here"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "The method is not allowed here"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "No representation fits the Accept header"),
    NAME_TAKEN(HttpStatus.CONFLICT, "The name is taken"),
    IN_USE(HttpStatus.CONFLICT, "Something still depends on this"),
    ILLEGAL_TRANSITION(HttpStatus.CONFLICT, "The job's state does not allow this"),
    CONFLICT(HttpStatus.CONFLICT, "Somebody else changed this at the same time"),
    SESSION_ENDED(HttpStatus.CONFLICT, "The session has ended"),
    TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The media type of the body is not supported"),
    IDEMPOTENCY_MISMATCH(HttpStatus.UNPROCESSABLE_CONTENT, "The Idempotency-Key was used for another request"),
    UNREADABLE_MODEL(HttpStatus.UNPROCESSABLE_CONTENT, "The model's files are not valid"),
    TOO_MANY_REQUESTS(HttpStatus.TOO_MANY_REQUESTS, "The API key's limit is reached"),
    TOO_MANY_SESSIONS(HttpStatus.TOO_MANY_REQUESTS, "As many sessions run as may"),
    UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The service cannot answer just now"),
    LANGUAGE_MODEL_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The language model does not answer"),
    LIBRARY_MISSING(HttpStatus.SERVICE_UNAVAILABLE, "MuJoCo is not there"),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "The service failed");

    private final HttpStatus status;
    private final String title;

    ProblemType(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    public HttpStatus status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** {@code urn:shiftadd:problem:} and the name in kebab case. */
    public URI uri() {
        return URI.create("urn:shiftadd:problem:"
                + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    }

    /** What an error is that the container found. */
    public static ProblemType of(int status) {
        return switch (status) {
            case 401 -> UNAUTHORIZED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413 -> TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 503 -> UNAVAILABLE;
            // Not ours: a Transfer-Encoding or a version of HTTP that the client chose.
            case 501, 505 -> MALFORMED_REQUEST;
            default -> status < 500 ? MALFORMED_REQUEST : INTERNAL;
        };
    }
}

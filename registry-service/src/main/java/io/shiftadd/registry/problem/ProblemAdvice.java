package io.shiftadd.registry.problem;

import io.shiftadd.format.FormatException;
import io.shiftadd.http.BadBodyException;
import io.shiftadd.http.ClientConnection;
import io.shiftadd.http.ClientGoneException;
import io.shiftadd.http.Shown;
import io.shiftadd.http.TidyPathFilter;
import io.shiftadd.http.WorkThreads;
import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.Problem;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.SQLTransientException;
import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.orm.ObjectOptimisticLockingFailureException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns every exception that a controller lets out into problem details. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    private static final String RETRY_AFTER_SECONDS = "5";

    @ExceptionHandler
    ResponseEntity<Object> known(ProblemException exception, WebRequest request) {
        return respond(exception.type(), detail(exception), exception.errors(), new HttpHeaders(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> badBody(BadBodyException exception, WebRequest request) {
        if (exception.field() != null) {
            return known(ProblemException.invalid(exception.field(), exception.reason(), null, null), request);
        }
        ProblemType type = exception.status() == ProblemType.TOO_LARGE.status().value()
                ? ProblemType.TOO_LARGE
                : ProblemType.MALFORMED_REQUEST;
        return respond(type, exception.reason(), List.of(), new HttpHeaders(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> form(MultipartException exception, WebRequest request) {
        log.debug("A form could not be read", exception);
        String detail = "The body is no form in parts, or ends too early. Send the parts name and file.";
        return respond(ProblemType.MALFORMED_REQUEST, detail, List.of(), new HttpHeaders(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> parameters(InvalidParameterException exception, WebRequest request) {
        return known(ProblemException.unreadableParameters(), request);
    }

    @ExceptionHandler({ObjectOptimisticLockingFailureException.class, DataIntegrityViolationException.class})
    ResponseEntity<Object> conflict(Exception exception, WebRequest request) {
        log.info("Conflict in {}: {}", pathOf(request), exception.getMessage());
        String detail =
                "The change collides with one that was made at the same time. Read the current state and try again.";
        return respond(ProblemType.CONFLICT, detail, List.of(), new HttpHeaders(), request);
    }

    @ExceptionHandler({
        CannotCreateTransactionException.class,
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        PessimisticLockingFailureException.class,
        SQLTransientException.class
    })
    ResponseEntity<Object> unavailable(Exception exception, WebRequest request) {
        log.warn("Database not available in {}: {}", pathOf(request), exception.getMessage());
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        String detail = "The database does not answer. Try again in " + RETRY_AFTER_SECONDS + " seconds.";
        return respond(ProblemType.UNAVAILABLE, detail, List.of(), headers, request);
    }

    /** Whatever reads a model's files, and wherever: what is wrong with them is not the service's fault. */
    @ExceptionHandler
    ResponseEntity<Object> badFiles(FormatException exception, WebRequest request) {
        return respond(
                ProblemType.UNREADABLE_MODEL,
                String.valueOf(exception.getMessage()),
                List.of(),
                new HttpHeaders(),
                request);
    }

    @ExceptionHandler
    void clientGone(ClientGoneException gone, HttpServletRequest request) {
        log.debug("A client closed its connection before its answer was complete", gone);
        ClientConnection.of(request).abandon();
    }

    @ExceptionHandler
    ResponseEntity<Object> busy(WorkThreads.FullException exception, WebRequest request) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        return respond(ProblemType.UNAVAILABLE, String.valueOf(exception.getMessage()), List.of(), headers, request);
    }

    @ExceptionHandler
    ResponseEntity<Object> unexpected(Exception exception, WebRequest request) {
        log.error("Request to {} failed", pathOf(request), exception);
        String detail = "The request failed for a reason that is not its own; the service's log has the cause.";
        return respond(ProblemType.INTERNAL, detail, List.of(), new HttpHeaders(), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException exception, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return known(problem, request);
            }
            if (cause instanceof BadBodyException body) {
                return badBody(body, request);
            }
        }
        String detail = "The body is missing or ends too early. Send a JSON object.";
        return respond(ProblemType.MALFORMED_REQUEST, detail, List.of(), headers, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception exception,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        ProblemType type = typeOf(status);
        if (exception instanceof MethodArgumentTypeMismatchException mismatch) {
            FieldError error = new FieldError(
                    mismatch.getName(),
                    "is '" + mismatch.getValue() + "'",
                    mismatch.getRequiredType() == null
                            ? null
                            : mismatch.getRequiredType().getSimpleName(),
                    null);
            ProblemException invalid = ProblemException.invalid(List.of(error));
            return respond(ProblemType.INVALID_FIELD, detail(invalid), List.of(error), headers, request);
        }
        if (type == ProblemType.INTERNAL) {
            return unexpected(exception, request);
        }
        return respond(type, words(exception, type, request), List.of(), headers, request);
    }

    private static String words(Exception exception, ProblemType type, WebRequest request) {
        return switch (exception) {
            case NoResourceFoundException none -> nothingAt(none.getHttpMethod().name(), request);
            case NoHandlerFoundException none -> nothingAt(none.getHttpMethod(), request);
            case HttpMediaTypeNotSupportedException media ->
                (media.getContentType() == null
                                ? "The request has no Content-Type"
                                : "The request's Content-Type is '"
                                        + Shown.of(media.getContentType().toString()) + "'")
                        + "; send " + MediaType.toString(media.getSupportedMediaTypes()) + ".";
            case ErrorResponse known -> String.valueOf(known.getBody().getDetail());
            default -> type.title();
        };
    }

    private static String nothingAt(String method, WebRequest request) {
        return "There is nothing at " + method + " " + Shown.of(pathOf(request))
                + "; the API is described at /v3/api-docs.";
    }

    private static ProblemType typeOf(HttpStatusCode status) {
        return switch (status.value()) {
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 406 -> ProblemType.NOT_ACCEPTABLE;
            case 413 -> ProblemType.TOO_LARGE;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            case 503 -> ProblemType.UNAVAILABLE;
            default -> status.is4xxClientError() ? ProblemType.MALFORMED_REQUEST : ProblemType.INTERNAL;
        };
    }

    private static ResponseEntity<Object> respond(
            ProblemType type, String detail, List<FieldError> errors, HttpHeaders headers, WebRequest request) {
        HttpHeaders all = new HttpHeaders();
        all.putAll(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return new ResponseEntity<>(Problem.of(type, detail, pathOf(request), errors), all, type.status());
    }

    private static String detail(ProblemException exception) {
        return String.valueOf(exception.getMessage());
    }

    private static String pathOf(WebRequest request) {
        if (request instanceof ServletWebRequest servlet) {
            return TidyPathFilter.sentPath(servlet.getRequest());
        }
        return "";
    }
}

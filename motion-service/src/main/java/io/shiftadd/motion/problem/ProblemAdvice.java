package io.shiftadd.motion.problem;

import io.shiftadd.http.BadBodyException;
import io.shiftadd.http.Shown;
import io.shiftadd.http.TidyPathFilter;
import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.Problem;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.motion.instruction.LanguageModelException;
import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns every exception that a controller lets out into problem details. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    @ExceptionHandler
    ResponseEntity<Object> known(ProblemException exception, WebRequest request) {
        return respond(exception.type(), String.valueOf(exception.getMessage()), exception.errors(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> badBody(BadBodyException exception, WebRequest request) {
        if (exception.field() != null) {
            return known(ProblemException.invalid(exception.field(), exception.reason(), null, null), request);
        }
        ProblemType type = ProblemType.of(exception.status());
        return respond(type, exception.reason(), List.of(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> parameters(InvalidParameterException exception, WebRequest request) {
        return known(ProblemException.unreadableParameters(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> languageModel(LanguageModelException exception, WebRequest request) {
        return respond(ProblemType.LANGUAGE_MODEL_UNAVAILABLE, exception.reason(), List.of(), request);
    }

    @ExceptionHandler
    ResponseEntity<Object> unexpected(Exception exception, WebRequest request) {
        LOG.error("Request to {} failed", pathOf(request), exception);
        String detail = "The request failed for a reason that is not its own; the service's log has the cause.";
        return respond(ProblemType.INTERNAL, detail, List.of(), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception exception,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof BadBodyException bad) {
                return badBody(bad, request);
            }
        }
        ProblemType type = ProblemType.of(status.value());
        if (type == ProblemType.INTERNAL) {
            return unexpected(exception, request);
        }
        ResponseEntity<Object> answer = respond(type, words(exception, type, request), List.of(), request);
        HttpHeaders all = new HttpHeaders();
        all.putAll(headers);
        all.putAll(answer.getHeaders());
        return new ResponseEntity<>(answer.getBody(), all, answer.getStatusCode());
    }

    private static String words(Exception exception, ProblemType type, WebRequest request) {
        return switch (exception) {
            case NoResourceFoundException none ->
                "There is nothing at " + none.getHttpMethod().name() + " " + Shown.of(pathOf(request))
                        + "; the API is described at /v3/api-docs.";
            case HttpMediaTypeNotSupportedException media ->
                (media.getContentType() == null
                                ? "The request has no Content-Type"
                                : "The request's Content-Type is '"
                                        + Shown.of(media.getContentType().toString()) + "'")
                        + "; send application/json.";
            case ErrorResponse known -> String.valueOf(known.getBody().getDetail());
            default -> type.title() + ".";
        };
    }

    private static ResponseEntity<Object> respond(
            ProblemType type, String detail, List<FieldError> errors, WebRequest request) {
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (type == ProblemType.TOO_MANY_SESSIONS || type == ProblemType.LANGUAGE_MODEL_UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return new ResponseEntity<>(Problem.of(type, detail, pathOf(request), errors), headers, type.status());
    }

    private static String pathOf(WebRequest request) {
        return request instanceof ServletWebRequest servlet ? TidyPathFilter.sentPath(servlet.getRequest()) : "";
    }
}

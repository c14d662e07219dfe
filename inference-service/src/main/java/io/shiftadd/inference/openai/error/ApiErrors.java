package io.shiftadd.inference.openai.error;

import io.shiftadd.http.ClientConnection;
import io.shiftadd.http.ClientGoneException;
import io.shiftadd.http.Shown;
import io.shiftadd.http.TidyPathFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Answers every failure with the error object. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ApiErrors {

    private static final Logger LOG = LoggerFactory.getLogger(ApiErrors.class);

    private final ErrorWriter writer;

    ApiErrors(ErrorWriter writer) {
        this.writer = writer;
    }

    @ExceptionHandler
    void clientGone(ClientGoneException gone, HttpServletRequest request) {
        LOG.debug("A client closed its connection before its answer was complete", gone);
        ClientConnection.of(request).abandon();
    }

    @ExceptionHandler
    void other(Exception failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        writer.write(toApi(failure, request), response);
    }

    private static ApiException toApi(Exception failure, HttpServletRequest request) {
        return switch (failure) {
            case NoResourceFoundException none ->
                ApiException.of(
                        HttpStatus.NOT_FOUND,
                        null,
                        "unknown_url",
                        "There is nothing at " + none.getHttpMethod() + " " + Shown.of(TidyPathFilter.sentPath(request))
                                + "; the API is described at /v3/api-docs");
            case HttpRequestMethodNotSupportedException method ->
                ApiException.of(
                        HttpStatus.METHOD_NOT_ALLOWED,
                        null,
                        "method_not_allowed",
                        method.getMethod() + " is not allowed here; use "
                                + String.join(
                                        " or ",
                                        method.getSupportedMethods() == null
                                                ? new String[] {"another method"}
                                                : method.getSupportedMethods()));
            case ErrorResponse known
            when known.getStatusCode().is4xxClientError() ->
                ApiException.of(
                        HttpStatus.valueOf(known.getStatusCode().value()),
                        null,
                        null,
                        String.valueOf(known.getBody().getDetail()));
            default -> ErrorMapping.toApi(failure);
        };
    }
}

package io.shiftadd.inference.limits;

import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.error.ErrorWriter;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.cors.DefaultCorsProcessor;

/** Refuses pages of other origins in the form that the service's errors have. */
final class OriginRefusal extends DefaultCorsProcessor {

    private final ErrorWriter errors;

    OriginRefusal(ErrorWriter errors) {
        this.errors = errors;
    }

    @Override
    protected void rejectRequest(ServerHttpResponse response) throws IOException {
        if (response instanceof ServletServerHttpResponse servlet) {
            errors.write(
                    ApiException.of(
                            HttpStatus.FORBIDDEN,
                            null,
                            "origin_not_allowed",
                            "Pages of this origin may not call this service; those that may are in"
                                    + " shiftadd.inference.access.cors-origins"),
                    servlet.getServletResponse());
        }
    }
}

package io.shiftadd.inference.openai.error;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes the error object where nothing has been written yet, in the form that its address has. */
@Component
public class ErrorWriter {

    private final JsonMapper json;

    ErrorWriter(JsonMapper json) {
        this.json = json;
    }

    /** Does nothing when an answer is under way already. Headers that were set stay. */
    public void write(ApiException error, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(error.status().value());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        Duration retryAfter = error.retryAfter();
        if (retryAfter != null) {
            response.setHeader("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        if (error.status() == HttpStatus.SERVICE_UNAVAILABLE && retryAfter == null) {
            // Clients that are made for this API repeat each 5xx unless they are told that it is of no use.
            response.setHeader("x-should-retry", "false");
        }
        ErrorForm form = ErrorForms.of(response);
        byte[] body = json.writeValueAsBytes(form == null ? error.body() : form.body(error));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}

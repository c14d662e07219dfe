package io.shiftadd.http.problem;

import io.shiftadd.http.PlainTextFilter;
import io.shiftadd.http.Refusal;
import io.shiftadd.http.TidyPathFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** Answers with a problem from outside the controllers: from filters, and for errors that the container found. */
public final class ProblemWriter {

    private final JsonMapper json;

    public ProblemWriter(JsonMapper json) {
        this.json = json;
    }

    /** For what filters refuse by a status. */
    public Refusal refusal() {
        return (request, response, status, message) -> write(request, response, ProblemType.of(status), message);
    }

    /** For text that nobody could have meant. */
    public PlainTextFilter.Answer texts() {
        return (request, response, fault) -> write(
                request,
                response,
                ProblemException.invalid(fault.field(), fault.message(), fault.limit(), fault.remedy()));
    }

    public void write(HttpServletRequest request, HttpServletResponse response, ProblemType type, String detail)
            throws IOException {
        write(request, response, new ProblemException(type, detail));
    }

    public void write(HttpServletRequest request, HttpServletResponse response, ProblemException exception)
            throws IOException {
        Problem problem = Problem.of(
                exception.type(),
                String.valueOf(exception.getMessage()),
                TidyPathFilter.sentPath(request),
                exception.errors());
        byte[] body = json.writeValueAsBytes(problem);
        response.setStatus(exception.type().status().value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}

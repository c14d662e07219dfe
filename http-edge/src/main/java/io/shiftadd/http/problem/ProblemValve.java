package io.shiftadd.http.problem;

import io.shiftadd.http.RefusedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Problem details for requests that Tomcat refuses before it hands them to anybody, in place of its HTML page. Made by
 * Tomcat, by name.
 */
public final class ProblemValve extends ErrorReportValve {

    private static final JsonMapper JSON = new JsonMapper();

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ProblemType type = ProblemType.of(status);
        String detail = type == ProblemType.INTERNAL ? type.title() + "." : RefusedRequest.message(status);
        Problem problem = Problem.of(type, detail, "", List.of());
        byte[] body = JSON.writeValueAsBytes(problem);
        try {
            response.setStatus(type.status().value());
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setCharacterEncoding(StandardCharsets.UTF_8.name());
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            // the client has gone, or somebody has begun to answer
            container.getLogger().debug("Error could not be reported", e);
        }
    }
}

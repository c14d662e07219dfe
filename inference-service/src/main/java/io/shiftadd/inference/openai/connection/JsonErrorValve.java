package io.shiftadd.inference.openai.connection;

import io.shiftadd.http.RefusedRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/** The error object for requests that are not even HTTP enough to reach the application, such as a malformed URL. */
public final class JsonErrorValve extends ErrorReportValve {

    private static final int FIRST_ERROR = 400;

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < FIRST_ERROR || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        boolean ours = status == HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        String type = ours ? "server_error" : "invalid_request_error";
        String message = ours ? "The server failed" : RefusedRequest.message(status);
        String body =
                "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":null}}";
        try {
            response.setContentType("application/json");
            response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            response.finishResponse();
        } catch (IOException e) {
            // The client has gone; there is nobody to tell.
            container.getLogger().debug("An error report was not read", e);
        }
    }
}

package io.shiftadd.inference.openai;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** Writes an answer that is complete. */
final class JsonAnswer {

    private JsonAnswer() {}

    /** @throws ClientGoneException when the client has closed its connection */
    static void write(Object body, HttpServletResponse response, JsonMapper json) {
        byte[] bytes = json.writeValueAsBytes(body);
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(bytes.length);
        try {
            response.getOutputStream().write(bytes);
            response.flushBuffer();
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }
}

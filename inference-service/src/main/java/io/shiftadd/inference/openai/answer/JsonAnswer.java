package io.shiftadd.inference.openai.answer;

import io.shiftadd.http.ClientGoneException;
import io.shiftadd.inference.openai.error.ErrorMapping;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Supplier;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes an answer in one piece when it is complete. A client that has closed its sending half may have gone: it gets
 * blanks, which mean nothing before a JSON text, until the answer is there or it turns out that nobody takes them.
 */
public final class JsonAnswer implements EventLoop.Answer {

    private static final byte[] BLANK = {' '};

    private final HttpServletResponse response;
    private final ClientOutput out;
    private final JsonMapper json;

    JsonAnswer(HttpServletResponse response, JsonMapper json) {
        this.response = response;
        this.out = new ClientOutput(response);
        this.json = json;
    }

    @Override
    public void keepAlive() {}

    @Override
    public void probe() {
        if (!response.isCommitted()) {
            begin();
            // Its length is not known yet; it ends with the connection.
            response.setHeader("Connection", "close");
        }
        out.write(BLANK);
    }

    /**
     * Writes the answer.
     *
     * @param body made when all its events have come; a failure is answered by whoever catches it, or here if an answer
     *     has begun
     * @throws ClientGoneException when the client has closed its connection
     */
    public void write(Supplier<Object> body) {
        Object answer;
        try {
            answer = body.get();
        } catch (ClientGoneException e) {
            throw e;
        } catch (RuntimeException e) {
            if (!response.isCommitted()) {
                throw e;
            }
            answer = ErrorMapping.toApi(e).body();
        }
        write(json.writeValueAsBytes(answer));
    }

    /**
     * Writes an answer that is JSON already.
     *
     * @throws ClientGoneException when the client has closed its connection
     */
    public void write(byte[] bytes) {
        if (!response.isCommitted()) {
            begin();
            response.setContentLength(bytes.length);
        }
        out.write(bytes);
    }

    private void begin() {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    }
}

package io.shiftadd.inference.openai.answer;

import io.shiftadd.http.ClientGoneException;
import io.shiftadd.inference.openai.error.ErrorMapping;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/** Writes a stream of JSON objects, each on a line of its own and at once. */
public final class LineWriter implements EventLoop.Answer, StreamEnd.Events {

    private final JsonMapper json;
    private final ServletOutputStream out;

    /** @throws ClientGoneException when the client has closed its connection */
    LineWriter(HttpServletResponse response, JsonMapper json) {
        this.json = json;
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType("application/x-ndjson");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Accel-Buffering", "no");
        try {
            out = response.getOutputStream();
            response.flushBuffer();
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }

    /**
     * Writes the whole stream and its end.
     *
     * @throws ClientGoneException when the client has closed its connection
     */
    public void write(Runnable body, StreamEnd end) {
        try {
            body.run();
            end.done(this);
        } catch (ClientGoneException e) {
            throw e;
        } catch (RuntimeException e) {
            end.failed(ErrorMapping.toApi(e), this);
        }
    }

    @Override
    public void data(Object body) {
        send(json.writeValueAsString(body) + "\n");
    }

    /** Lines have no names: what they are stands in them. */
    @Override
    public void event(String name, Object body) {
        data(body);
    }

    @Override
    public void keepAlive() {}

    /** A blank means nothing before a JSON text. */
    @Override
    public void probe() {
        send(" ");
    }

    private void send(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }
}

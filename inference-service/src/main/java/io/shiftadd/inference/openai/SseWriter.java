package io.shiftadd.inference.openai;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/** Writes server-sent events straight to the connection, each at once. A reader that stalls stalls its own thread only. */
final class SseWriter implements EventLoop.Answer {

    private static final String KEEP_ALIVE_COMMENT = ": keep-alive\n";

    private final JsonMapper json;
    private final Duration keepAlive;
    private final ServletOutputStream out;
    private long written = System.nanoTime();

    /**
     * @param keepAlive the longest silence
     * @throws ClientGoneException when the client has closed its connection
     */
    SseWriter(HttpServletResponse response, JsonMapper json, Duration keepAlive) {
        this.json = json;
        this.keepAlive = keepAlive;
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Accel-Buffering", "no");
        try {
            out = response.getOutputStream();
            response.flushBuffer();
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }

    void data(Object body) {
        write("data: " + json.writeValueAsString(body) + "\n\n");
    }

    /** The stream is complete. */
    void done() {
        write("data: [DONE]\n\n");
    }

    /** The stream ends here, with an error. */
    void error(ErrorBody error) {
        write("event: error\ndata: " + json.writeValueAsString(error) + "\n\n");
    }

    /** Tells the client that the work goes on, if it has heard nothing for a while; by a comment, which ends no event. */
    @Override
    public void keepAlive() {
        if (System.nanoTime() - written > keepAlive.toNanos()) {
            write(KEEP_ALIVE_COMMENT);
        }
    }

    @Override
    public void probe() {
        write(KEEP_ALIVE_COMMENT);
    }

    private void write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            written = System.nanoTime();
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }
}

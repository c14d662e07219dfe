package io.shiftadd.inference.openai.answer;

import io.shiftadd.http.ClientGoneException;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.error.ErrorMapping;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes server-sent events straight to the connection, each at once. A reader that stalls stalls its own thread only.
 */
public final class SseWriter implements EventLoop.Answer, StreamEnd.Events {

    private static final String KEEP_ALIVE_COMMENT = ": keep-alive\n";

    private final JsonMapper json;
    private final Duration keepAlive;
    private final ClientOutput out;
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
        this.out = new ClientOutput(response);
        try {
            response.flushBuffer();
        } catch (IOException e) {
            throw new ClientGoneException(e);
        }
    }

    /**
     * Writes the whole stream and its end: that it is complete, or what error it ended with.
     *
     * @param body writes the data
     * @throws ClientGoneException when the client has closed its connection
     */
    public void write(Runnable body) {
        write(body, new StreamEnd() {
            @Override
            public void done(Events out) {
                send("data: [DONE]\n\n");
            }

            @Override
            public void failed(ApiException error, Events out) {
                event("error", error.body());
            }
        });
    }

    /** As {@link #write(Runnable)}, with another end. */
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
        send("data: " + json.writeValueAsString(body) + "\n\n");
    }

    @Override
    public void event(String name, Object body) {
        send("event: " + name + "\ndata: " + json.writeValueAsString(body) + "\n\n");
    }

    /**
     * Tells the client that the work goes on, if it has heard nothing for a while; by a comment, which ends no event.
     */
    @Override
    public void keepAlive() {
        if (System.nanoTime() - written > keepAlive.toNanos()) {
            send(KEEP_ALIVE_COMMENT);
        }
    }

    @Override
    public void probe() {
        send(KEEP_ALIVE_COMMENT);
    }

    private void send(String text) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        written = System.nanoTime();
    }
}

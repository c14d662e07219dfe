package io.shiftadd.inference.openai.answer;

import io.micrometer.tracing.Tracer;
import io.shiftadd.http.ClientConnection;
import io.shiftadd.inference.loading.ServedModels;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Begins answers: the reading of a generation's events, and what is written meanwhile, in one piece or as a stream. */
@Component
public class Answers {

    private final JsonMapper json;
    private final Tracer tracer;
    private final Duration keepAlive;

    /** @param keepAlive often enough that no proxy or client gives up, seldom enough that nobody minds */
    Answers(JsonMapper json, Tracer tracer, @Value("${shiftadd.inference.keep-alive:15s}") Duration keepAlive) {
        this.json = json;
        this.tracer = tracer;
        this.keepAlive = keepAlive;
    }

    /** Events of the model, for the client of the request. */
    public EventLoop events(HttpServletRequest request, ServedModels.Lease lease) {
        return new EventLoop(ClientConnection.of(request), GenerationSpan.of(tracer, lease.name()));
    }

    /** An answer as JSON. */
    public byte[] json(Object answer) {
        return json.writeValueAsBytes(answer);
    }

    /** An answer in one piece; nothing is written yet. */
    public JsonAnswer whole(HttpServletResponse response) {
        return new JsonAnswer(response, json);
    }

    /**
     * A stream of JSON objects, a line each, which begins here.
     *
     * @throws io.shiftadd.http.ClientGoneException when the client has closed its connection
     */
    public LineWriter lines(HttpServletResponse response) {
        return new LineWriter(response, json);
    }

    /**
     * A stream of server-sent events, which begins here.
     *
     * @throws io.shiftadd.http.ClientGoneException when the client has closed its connection
     */
    public SseWriter stream(HttpServletResponse response) {
        return new SseWriter(response, json, keepAlive);
    }
}

package io.shiftadd.inference.openai;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Begins streams of server-sent events. */
@Component
class EventStreams {

    private final JsonMapper json;
    private final Duration keepAlive;

    /** @param keepAlive often enough that no proxy or client gives up, seldom enough that nobody minds */
    EventStreams(JsonMapper json, @Value("${shiftadd.inference.keep-alive:15s}") Duration keepAlive) {
        this.json = json;
        this.keepAlive = keepAlive;
    }

    /** @throws ClientGoneException when the client has closed its connection */
    SseWriter open(HttpServletResponse response) {
        return new SseWriter(response, json, keepAlive);
    }
}

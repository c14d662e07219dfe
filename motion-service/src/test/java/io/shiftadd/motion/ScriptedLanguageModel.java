package io.shiftadd.motion;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An OpenAI-compatible API that answers what it was told to, and remembers what it was asked. */
public final class ScriptedLanguageModel implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpServer server;
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final List<JsonNode> asked = Collections.synchronizedList(new ArrayList<>());

    private record Reply(int status, String body) {}

    public ScriptedLanguageModel() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
            Reply reply = replies.remove();
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** The content of the next answer's message. */
    public void says(String content) {
        replies.add(
                new Reply(200, "{\"choices\":[{\"message\":{\"content\":" + JSON.writeValueAsString(content) + "}}]}"));
    }

    public void refuses(int status, String code, String message) {
        replies.add(new Reply(
                status,
                "{\"error\":{\"code\":\"" + code + "\",\"message\":" + JSON.writeValueAsString(message) + "}}"));
    }

    /** The last request's body. */
    public JsonNode asked() {
        return asked.getLast();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

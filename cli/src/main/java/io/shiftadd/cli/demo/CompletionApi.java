package io.shiftadd.cli.demo;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAI-style completions of the inference-service, streamed. */
final class CompletionApi {

    private static final int OK = 200;
    private static final double NANOS = 1e9;
    private static final String REMEDY = "See what it says: ./shiftadd logs inference";

    /**
     * @param tokens completion tokens, as the service counts them
     * @param firstTokenSeconds from the request to the first text
     * @param seconds from the first text to the last
     */
    record Streamed(int tokens, double firstTokenSeconds, double seconds) {

        double tokensPerSecond() {
            return seconds <= 0 ? 0 : (tokens - 1) / seconds;
        }
    }

    private final HttpClient client;
    private final JsonMapper json;
    private final URI uri;

    CompletionApi(HttpClient client, JsonMapper json, String inferenceUrl) {
        this.client = client;
        this.json = json;
        this.uri = URI.create(inferenceUrl + "/v1/completions");
    }

    /**
     * @param request without {@code stream}
     * @param text is given the pieces of the completion as they come
     */
    Streamed stream(Map<String, ?> request, Consumer<String> text) throws InterruptedException {
        Map<String, Object> body = new java.util.LinkedHashMap<>(request);
        body.put("stream", true);
        body.put("stream_options", Map.of("include_usage", true));
        HttpRequest post = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.writeValueAsString(body)))
                .build();
        long start = System.nanoTime();
        try {
            HttpResponse<InputStream> response = client.send(post, BodyHandlers.ofInputStream());
            if (response.statusCode() != OK) {
                throw refused(response);
            }
            try (ServerSentEvents events = new ServerSentEvents(response.body())) {
                return read(events, text, start);
            }
        } catch (IOException e) {
            throw new CommandFailure("the stream from " + uri + " broke: " + e, REMEDY, e);
        }
    }

    private Streamed read(ServerSentEvents events, Consumer<String> text, long start) throws IOException {
        long first = 0;
        long last = start;
        int tokens = 0;
        ServerSentEvents.Event event;
        while ((event = events.next()) != null) {
            if (event.data().equals("[DONE]")) {
                return new Streamed(tokens, (first - start) / NANOS, (last - first) / NANOS);
            }
            JsonNode chunk = json.readTree(event.data());
            if (chunk.has("error")) {
                throw new CommandFailure(
                        "the completion broke off: "
                                + chunk.path("error").path("message").asString(),
                        REMEDY);
            }
            tokens = Math.max(
                    tokens, chunk.path("usage").path("completion_tokens").asInt(0));
            String piece = chunk.path("choices").path(0).path("text").asString("");
            if (!piece.isEmpty()) {
                last = System.nanoTime();
                first = first == 0 ? last : first;
                text.accept(piece);
            }
        }
        throw new CommandFailure("the stream from " + uri + " ended without [DONE]", REMEDY);
    }

    private CommandFailure refused(HttpResponse<InputStream> response) throws IOException {
        String body;
        try (InputStream in = response.body()) {
            body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String message;
        try {
            message = json.readTree(body).path("error").path("message").asString(body);
        } catch (tools.jackson.core.JacksonException notJson) {
            message = body;
        }
        return new CommandFailure(
                "POST %s was refused with %d: %s".formatted(uri.getPath(), response.statusCode(), message), REMEDY);
    }
}

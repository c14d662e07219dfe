package io.shiftadd.cli.platform;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The OpenAI-style API of the inference-service, streamed. */
public final class InferenceApi {

    private static final double NANOS = 1e9;
    private static final String INTERRUPTED = "interrupted";

    private final JsonHttp http;
    private final String base;

    InferenceApi(JsonHttp http, String inferenceUrl) {
        this.http = http;
        this.base = inferenceUrl + "/v1";
    }

    /** Hears an answer grow. */
    public interface Listener {

        void text(String piece);

        /** What a model thinks before it answers, where it says so. */
        default void reasoning(String piece) {}
    }

    /** Names and states of the models, loaded or not. */
    public JsonNode models() throws InterruptedException {
        return http.call(http.request(URI.create(base + "/models")));
    }

    /** Goes on with a prompt. @param request without {@code stream} */
    public Answer complete(Map<String, ?> request, Listener listener) throws InterruptedException {
        return stream("/completions", request, listener, new Interruption());
    }

    /**
     * Answers a conversation.
     *
     * @param request without {@code stream}
     * @param interruption ends the answer, which then is what has come so far
     */
    public Answer chat(Map<String, ?> request, Listener listener, Interruption interruption)
            throws InterruptedException {
        return stream("/chat/completions", request, listener, interruption);
    }

    private Answer stream(String path, Map<String, ?> request, Listener listener, Interruption interruption)
            throws InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>(request);
        body.put("stream", true);
        body.put("stream_options", Map.of("include_usage", true));
        Reading reading = new Reading(listener);
        URI uri = URI.create(base + path);
        try (ServerSentEvents events = http.open(http.post(uri, body).build())) {
            interruption.of(events);
            return reading.read(events, uri);
        } catch (IOException e) {
            if (interruption.isAsked()) {
                return reading.answer(INTERRUPTED);
            }
            throw new CommandFailure(
                    "the answer broke off: " + e.getMessage(), "See what it says: ./shiftadd logs inference", e);
        }
    }

    /** One answer while it comes. */
    private final class Reading {

        private final Listener listener;
        private final long start = System.nanoTime();
        private final StringBuilder all = new StringBuilder();
        private long first;
        private long last = start;
        private int pieces;
        private int promptTokens;
        private int tokens;
        private String finishReason = "";

        private Reading(Listener listener) {
            this.listener = listener;
        }

        Answer read(ServerSentEvents events, URI uri) throws IOException {
            ServerSentEvents.Event event;
            while ((event = events.next()) != null) {
                if (event.data().equals("[DONE]")) {
                    return answer(finishReason);
                }
                take(http.tree(event.data()));
            }
            throw new IOException("the stream from " + uri + " ended without [DONE]");
        }

        private void take(JsonNode chunk) {
            if (chunk.has("error")) {
                throw new CommandFailure(
                        "the answer broke off: "
                                + chunk.path("error").path("message").asString(""),
                        "See what it says: ./shiftadd logs inference");
            }
            JsonNode usage = chunk.path("usage");
            promptTokens = Math.max(promptTokens, usage.path("prompt_tokens").asInt(0));
            tokens = Math.max(tokens, usage.path("completion_tokens").asInt(0));
            JsonNode choice = chunk.path("choices").path(0);
            finishReason = choice.path("finish_reason").asString(finishReason);
            String thought = choice.path("delta").path("reasoning_content").asString("");
            String piece = choice.path("delta")
                    .path("content")
                    .asString(choice.path("text").asString(""));
            if (!thought.isEmpty() || !piece.isEmpty()) {
                last = System.nanoTime();
                first = first == 0 ? last : first;
                pieces++;
            }
            if (!thought.isEmpty()) {
                listener.reasoning(thought);
            }
            if (!piece.isEmpty()) {
                all.append(piece);
                listener.text(piece);
            }
        }

        /** An answer that was cut off has no usage: then each piece counts as a token, which most are. */
        Answer answer(String reason) {
            return new Answer(
                    all.toString(),
                    reason,
                    promptTokens,
                    tokens == 0 ? pieces : tokens,
                    first == 0 ? 0 : (first - start) / NANOS,
                    first == 0 ? 0 : (last - first) / NANOS);
        }
    }
}

package io.shiftadd.cli.bench.service;

import io.shiftadd.cli.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One streamed completion, with the time of each piece.
 *
 * @param firstTokenMillis from the request to the first piece of text
 * @param betweenMillis from each piece to the next
 * @param tokens as the service counts them
 * @param cachedTokens of the prompt that were not computed
 */
record StreamedCompletion(double firstTokenMillis, List<Double> betweenMillis, int tokens, int cachedTokens) {

    private static final String REMEDY = "See what it says: ./shiftadd logs inference";
    private static final String DATA = "data:";
    private static final int OK = 200;

    /** @param key sent as a bearer token, or null */
    static StreamedCompletion run(HttpClient client, URI service, @Nullable String key, Map<String, ?> body)
            throws InterruptedException {
        JsonMapper json = JsonMapper.builder().build();
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve("/v1/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        long start = System.nanoTime();
        try {
            HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                if (response.statusCode() != OK) {
                    throw new CommandFailure(
                            "the service answered " + response.statusCode() + ": " + lines.readLine(), REMEDY);
                }
                return read(lines, json, start);
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    "no completion from " + service + ": " + e, "Start the services with: ./shiftadd up", e);
        }
    }

    private static StreamedCompletion read(BufferedReader lines, JsonMapper json, long start) throws IOException {
        List<Double> between = new ArrayList<>();
        double first = 0;
        long last = start;
        int tokens = 0;
        int cached = 0;
        String line;
        while ((line = lines.readLine()) != null) {
            String data = line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
            if (data.isEmpty() || data.equals("[DONE]")) {
                continue;
            }
            JsonNode chunk = json.readTree(data);
            if (chunk.has("error")) {
                throw new CommandFailure("the completion broke off: " + data, REMEDY);
            }
            tokens = Math.max(
                    tokens, chunk.path("usage").path("completion_tokens").asInt(0));
            cached = Math.max(
                    cached,
                    chunk.at("/usage/prompt_tokens_details/cached_tokens").asInt(0));
            if (!chunk.path("choices").path(0).path("text").asString("").isEmpty()) {
                long now = System.nanoTime();
                if (first == 0) {
                    first = (now - start) / 1e6;
                } else {
                    between.add((now - last) / 1e6);
                }
                last = now;
            }
        }
        return new StreamedCompletion(first, between, tokens, cached);
    }
}

package io.shiftadd.cli.demo;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform API of the registry-service, as far as the demonstration needs it. */
final class PlatformApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;
    private static final int FIRST_FAILURE = 400;

    private final HttpClient client;
    private final JsonMapper json;
    private final String base;

    PlatformApi(HttpClient client, JsonMapper json, String registryUrl) {
        this.client = client;
        this.json = json;
        this.base = registryUrl + "/api/v1";
    }

    /** Registers the model in a directory, or returns it when it is registered. */
    JsonNode importModel(String path) throws InterruptedException {
        return call(post("/models", Map.of("path", path)).build());
    }

    Optional<JsonNode> findModel(String name) throws InterruptedException {
        return find(get("/models/" + encode(name)));
    }

    /** @param key the same key and body give the same job */
    JsonNode submit(Map<String, ?> body, String key) throws InterruptedException {
        return call(post("/jobs", body).header("Idempotency-Key", key).build());
    }

    JsonNode retry(String job) throws InterruptedException {
        return call(post("/jobs/" + job + "/retry", Map.of()).build());
    }

    JsonNode job(String job) throws InterruptedException {
        return call(get("/jobs/" + job));
    }

    JsonNode layers(String job) throws InterruptedException {
        return call(get("/jobs/" + job + "/layers"));
    }

    /** Values by name; empty when the job is gone. */
    JsonNode metrics(String job) throws InterruptedException {
        return find(get("/jobs/" + job + "/metrics")).orElseGet(json::createObjectNode);
    }

    /**
     * Opens the stream of a job's events.
     *
     * @param lastEventId where to go on; empty for the beginning
     * @return empty when there is nothing left to tell
     */
    Optional<ServerSentEvents> events(String job, String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/jobs/" + job + "/events"))
                .header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() != OK) {
            response.body().close();
            return Optional.empty();
        }
        return Optional.of(new ServerSentEvents(response.body()));
    }

    private HttpRequest.Builder post(String path, Map<String, ?> body) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.writeValueAsString(body)));
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT).build();
    }

    private Optional<JsonNode> find(HttpRequest request) throws InterruptedException {
        HttpResponse<String> response = send(request);
        return response.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(parse(request, response));
    }

    private JsonNode call(HttpRequest request) throws InterruptedException {
        return parse(request, send(request));
    }

    private HttpResponse<String> send(HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailure(
                    "the registry does not answer at " + request.uri() + " (" + e + ")",
                    "See what it says: ./shiftadd logs registry. Start it again: ./shiftadd up",
                    e);
        }
    }

    private JsonNode parse(HttpRequest request, HttpResponse<String> response) {
        JsonNode body;
        try {
            body = json.readTree(response.body());
        } catch (JacksonException e) {
            body = json.createObjectNode();
        }
        if (response.statusCode() >= FIRST_FAILURE) {
            throw new CommandFailure(
                    "%s %s was refused with %d: %s %s"
                            .formatted(
                                    request.method(),
                                    request.uri().getPath(),
                                    response.statusCode(),
                                    body.path("title").asString(""),
                                    body.path("detail").asString(response.body())),
                    "More is in the log: ./shiftadd logs registry");
        }
        return body;
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }
}

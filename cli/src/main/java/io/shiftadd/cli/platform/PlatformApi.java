package io.shiftadd.cli.platform;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The platform API of the registry-service. Answers are trees: what a later version adds is shown, not lost. */
public final class PlatformApi {

    private static final int PAGE = 200;

    private final JsonHttp http;
    private final String base;

    PlatformApi(JsonHttp http, String registryUrl) {
        this.http = http;
        this.base = registryUrl + "/api/v1";
    }

    /** Where a person looks. */
    public String dashboard() {
        return base.substring(0, base.length() - "/api/v1".length());
    }

    /**
     * Registers a model, or returns it when it is registered; a model of the Hub gives the import that was begun.
     *
     * @param request with {@code path} or {@code repository}, and perhaps {@code name} and {@code revision}
     */
    public JsonNode importModel(Map<String, ?> request) throws InterruptedException {
        return http.call(http.post(uri("/models"), request));
    }

    public Optional<JsonNode> findModel(String name) throws InterruptedException {
        try {
            return Optional.of(get("/models/" + encode(name)));
        } catch (RefusedRequest refused) {
            if (refused.isNotFound()) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** All models, the newest first. */
    public List<JsonNode> models() throws InterruptedException {
        return pages("/models?");
    }

    /** What jobs have measured of a model. */
    public JsonNode modelMetrics(String model) throws InterruptedException {
        return get("/models/" + encode(model) + "/metrics");
    }

    public JsonNode cost(String model) throws InterruptedException {
        return get("/models/" + encode(model) + "/cost");
    }

    public void deleteModel(String model) throws InterruptedException {
        delete("/models/" + encode(model));
    }

    public List<JsonNode> imports() throws InterruptedException {
        return list(get("/imports"));
    }

    public JsonNode importOf(String id) throws InterruptedException {
        return get("/imports/" + id);
    }

    public void cancelImport(String id) throws InterruptedException {
        http.call(http.post(uri("/imports/" + id + "/cancel"), Map.of()));
    }

    /** Uploads a text under a name; the same text under the same name changes nothing. */
    public JsonNode uploadText(String name, Path file) throws InterruptedException, IOException {
        return http.call(http.request(uri("/texts?name=" + encode(name)))
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(BodyPublishers.ofFile(file)));
    }

    /** @param key the same key and body give the same job */
    public JsonNode submit(Map<String, ?> body, String key) throws InterruptedException {
        return http.call(http.post(uri("/jobs"), body).header("Idempotency-Key", key));
    }

    /** The latest jobs, the newest first. */
    public List<JsonNode> jobs() throws InterruptedException {
        return list(get("/jobs?size=" + PAGE).path("items"));
    }

    public JsonNode job(String job) throws InterruptedException {
        return get("/jobs/" + job);
    }

    public JsonNode retry(String job) throws InterruptedException {
        return http.call(http.post(uri("/jobs/" + job + "/retry"), Map.of()));
    }

    public JsonNode cancel(String job) throws InterruptedException {
        return http.call(http.post(uri("/jobs/" + job + "/cancel"), Map.of()));
    }

    /** Blocks that are finished, with the seconds of each. */
    public JsonNode blocks(String job) throws InterruptedException {
        return get("/jobs/" + job + "/blocks");
    }

    public JsonNode layers(String job) throws InterruptedException {
        return get("/jobs/" + job + "/layers");
    }

    /** Scores of an evaluation, a model each. */
    public JsonNode tasks(String job) throws InterruptedException {
        return get("/jobs/" + job + "/tasks");
    }

    /** Values by name. */
    public JsonNode metrics(String job) throws InterruptedException {
        return get("/jobs/" + job + "/metrics");
    }

    /**
     * Opens the stream of a job's events.
     *
     * @param lastEventId where to go on; empty for the beginning
     * @return empty when there is nothing left to tell
     */
    Optional<ServerSentEvents> events(String job, String lastEventId) throws InterruptedException {
        HttpRequest.Builder request =
                http.request(uri("/jobs/" + job + "/events")).header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            return Optional.of(http.open(request.build()));
        } catch (RefusedRequest nothingLeft) {
            return Optional.empty();
        }
    }

    public JsonNode createKey(Map<String, ?> request) throws InterruptedException {
        return http.call(http.post(uri("/api-keys"), request));
    }

    public List<JsonNode> keys() throws InterruptedException {
        return list(get("/api-keys"));
    }

    public void revokeKey(String id) throws InterruptedException {
        delete("/api-keys/" + id);
    }

    private List<JsonNode> pages(String path) throws InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        JsonNode page;
        int number = 0;
        do {
            page = get(path + "size=" + PAGE + "&page=" + number);
            all.addAll(list(page.path("items")));
            number++;
        } while (number < page.path("totalPages").asInt(0));
        return all;
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }

    private JsonNode get(String path) throws InterruptedException {
        return http.call(http.request(uri(path)));
    }

    private void delete(String path) throws InterruptedException {
        http.call(http.request(uri(path)).DELETE());
    }

    private URI uri(String path) {
        return URI.create(base + path);
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

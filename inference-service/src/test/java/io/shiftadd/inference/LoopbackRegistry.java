package io.shiftadd.inference;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.shiftadd.format.contents.ModelContents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what the registry answers for the sample models, over HTTP on the loopback interface. The way with the real
 * registry is tested with the whole platform.
 */
public final class LoopbackRegistry implements AutoCloseable {

    private final JsonMapper json = JsonMapper.shared();
    private final Map<String, Map<String, Object>> models = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Object>> keys = new ConcurrentHashMap<>();
    private final Map<String, JsonNode> responses = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final HttpServer server;
    private volatile boolean away;

    public LoopbackRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/v1/models", this::models);
        server.createContext("/api/v1/api-keys/verify", this::verify);
        server.createContext("/api/v1/responses", this::responses);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Registers a model as the registry would after an import. */
    public void add(String name, String location, long sizeBytes) {
        Map<String, Object> model = new TreeMap<>();
        model.put("id", "00000000-0000-4000-8000-" + String.format("%012x", name.hashCode() & 0xFFFFFFFFL));
        model.put("name", name);
        model.put("family", "llama");
        model.put("kind", "original");
        model.put("location", location);
        model.put("digest", digest(Path.of(location)));
        model.put("parameters", 3_000_000);
        model.put("sizeBytes", sizeBytes);
        model.put("createdAt", "2026-01-01T00:00:00Z");
        models.put(name, model);
    }

    private static String digest(Path location) {
        return Files.exists(location) ? ModelContents.read(location, _ -> {}).digest() : "0".repeat(64);
    }

    public void addSample(String name) {
        add(name, Samples.model(name).toString(), 7_000_000);
    }

    public void remove(String name) {
        models.remove(name);
    }

    public void addKey(String key, Map<String, Object> description) {
        keys.put(key, description);
    }

    public void removeKey(String key) {
        keys.remove(key);
    }

    /** While away, it answers 503 to everything. */
    public void setAway(boolean isAway) {
        away = isAway;
    }

    public int questions() {
        return questions.get();
    }

    private void models(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        if (path.length == 4) {
            List<Map<String, Object>> items = new ArrayList<>(models.values());
            items.sort(Comparator.comparing(model -> model.get("name").toString()));
            answer(
                    exchange,
                    200,
                    Map.of("items", items, "page", 0, "size", 200, "totalItems", items.size(), "totalPages", 1));
        } else if (path.length == 6 && path[5].equals("files")) {
            answer(exchange, 200, List.of());
        } else {
            Map<String, Object> found = models.values().stream()
                    .filter(model -> path[4].equals(model.get("name")) || path[4].equals(model.get("id")))
                    .findFirst()
                    .orElse(null);
            answer(exchange, found == null ? 404 : 200, found == null ? Map.of("title", "Not found") : found);
        }
    }

    private void verify(HttpExchange exchange) throws IOException {
        String key = json.readTree(exchange.getRequestBody().readAllBytes())
                .path("key")
                .asString("");
        Map<String, Object> found = keys.get(key);
        answer(exchange, found == null ? 401 : 200, found == null ? Map.of("title", "Unauthorized") : found);
    }

    /** Whose a response is, the key says that is sent. */
    private void responses(HttpExchange exchange) throws IOException {
        String own = exchange.getRequestHeaders().getFirst("Authorization") + " " + exchange.getRequestURI();
        JsonNode found = switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                JsonNode body = json.readTree(exchange.getRequestBody().readAllBytes());
                yield away || responses.putIfAbsent(own, body) != null ? null : body;
            }
            case "DELETE" -> away ? null : responses.remove(own);
            default -> responses.get(own);
        };
        answer(exchange, found == null ? 404 : 200, found == null ? Map.of("title", "Not found") : found);
    }

    private void answer(HttpExchange exchange, int status, Object body) throws IOException {
        questions.incrementAndGet();
        byte[] bytes =
                json.writeValueAsString(away ? Map.of("title", "Away") : body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(away ? 503 : status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

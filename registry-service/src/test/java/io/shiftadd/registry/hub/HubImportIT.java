package io.shiftadd.registry.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.shiftadd.registry.Api.Answer;
import io.shiftadd.registry.RegistryIT;
import io.shiftadd.registry.storage.FileDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Against a real HTTP server on loopback that serves the samples as a Hub does, and breaks off when it is told to. */
class HubImportIT extends RegistryIT {

    private static final HttpServer HUB = startHub();
    private static final List<String> REQUESTS = new CopyOnWriteArrayList<>();
    private static final AtomicInteger BREAKS = new AtomicInteger();

    private final String name = "hub-" + UUID.randomUUID().toString().substring(0, 8);

    /** The port is known to the properties of all tests; see {@link RegistryIT}. */
    private static HttpServer startHub() {
        try {
            HttpServer server =
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), hubPort()), 0);
            server.createContext("/", HubImportIT::serve);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stopHub() {
        HUB.stop(0);
    }

    @BeforeEach
    void forget() {
        REQUESTS.clear();
        BREAKS.set(0);
    }

    @Test
    void downloadsAndRegistersAModel() throws IOException {
        JsonNode done = finished(start("sample/llama-mini", "v1"));
        assertThat(done.get("state").asString()).as(done.toString()).isEqualTo("SUCCEEDED");
        assertThat(done.get("bytesDone").asLong())
                .isEqualTo(done.get("bytesTotal").asLong())
                .isGreaterThan(6_000_000);
        JsonNode model = api().get("/api/v1/models/" + name).json();
        assertThat(model.get("id")).isEqualTo(done.get("modelId"));
        Path downloaded = Path.of(model.get("location").asString()).resolve("model.safetensors");
        assertThat(downloaded).startsWith(ROOT);
        assertThat(FileDigest.of(downloaded)).isEqualTo(FileDigest.of(SAMPLES.resolve("llama-mini/model.safetensors")));
        assertThat(REQUESTS).contains("/sample/llama-mini/resolve/v1/config.json");
    }

    @Test
    void goesOnWhereADownloadBrokeOff() throws IOException {
        BREAKS.set(2);
        JsonNode done = finished(start("sample/llama-mini", "v2"));
        assertThat(done.get("state").asString()).as(done.toString()).isEqualTo("SUCCEEDED");
        assertThat(REQUESTS)
                .filteredOn(request -> request.contains("model.safetensors bytes="))
                .hasSize(2);
        Path downloaded = Path.of(
                api().get("/api/v1/models/" + name).json().get("location").asString());
        assertThat(FileDigest.of(downloaded.resolve("model.safetensors")))
                .isEqualTo(FileDigest.of(SAMPLES.resolve("llama-mini/model.safetensors")));
        assertThat(downloaded).isDirectoryNotContaining("glob:**.{part,etag}");
    }

    @Test
    void saysWhatIsMissing() {
        JsonNode failed = finished(start("sample/nothing", "main"));
        assertThat(failed.get("state").asString()).isEqualTo("FAILED");
        assertThat(failed.get("cause").asString()).contains("/sample/nothing/resolve/main/config.json", "Check");
        assertThat(api().get("/api/v1/models/" + name).status()).isEqualTo(404);
    }

    @Test
    void doesNotFollowARedirect() {
        JsonNode failed = finished(start("sample/elsewhere", "main"));
        assertThat(failed.get("cause").asString()).contains("is redirected to http://127.0.0.1:9/");
    }

    @Test
    void refusesRepositoriesThatAreNoneAndAmbiguousRequests() {
        for (String body : List.of(
                "{'repository': '../../etc'}",
                "{'repository': 'http://elsewhere/x'}",
                "{'repository': 'a/b', 'revision': '../x'}",
                "{'repository': 'a/b', 'path': 'x'}",
                "{'path': 'llama-mini', 'revision': 'main'}",
                "{}")) {
            Answer answer = api().post("/api/v1/models", body.replace('\'', '"'));
            assertThat(answer.problem()).as(body).isEqualTo("invalid-field");
        }
        assertThat(REQUESTS).isEmpty();
    }

    private String start(String repository, String revision) {
        Answer answer = api().post(
                        "/api/v1/models",
                        "{\"name\": \"%s\", \"repository\": \"%s\", \"revision\": \"%s\"}"
                                .formatted(name, repository, revision));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.header("location");
    }

    private JsonNode finished(String path) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !api().get(path).json().get("state").asString().equals("RUNNING"));
        return api().get(path).json();
    }

    private static void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            REQUESTS.add(range == null ? path : path + " " + range);
            if (path.startsWith("/sample/elsewhere/")) {
                exchange.getResponseHeaders().set("Location", "http://127.0.0.1:9/");
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            Path file = SAMPLES.resolve(path.replaceFirst("^/sample/([^/]+)/resolve/[^/]+/", "$1/"));
            if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] content = Files.readAllBytes(file);
            String tag = "\"" + content.length + "\"";
            boolean rest =
                    range != null && tag.equals(exchange.getRequestHeaders().getFirst("If-Range"));
            int from = rest ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
            exchange.getResponseHeaders().set("ETag", tag);
            exchange.sendResponseHeaders(rest ? 206 : 200, content.length - from);
            boolean breaks = path.endsWith("model.safetensors") && BREAKS.getAndDecrement() > 0;
            int length = breaks ? (content.length - from) / 2 : content.length - from;
            exchange.getResponseBody().write(content, from, length);
        }
    }
}

package io.shiftadd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What answers as object storage may be anybody: it is bounded, named, and leaves nothing half-imported behind. */
class HostileStoreTest {

    @TempDir
    Path directory;

    private HttpServer server;
    private byte[] manifest = new byte[0];

    @FunctionalInterface
    private interface Answer {
        void send(HttpExchange exchange) throws IOException;
    }

    private Answer answer = exchange -> exchange.sendResponseHeaders(404, -1);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                if (exchange.getRequestURI().getPath().endsWith("/manifest.json") && manifest.length > 0) {
                    exchange.sendResponseHeaders(200, manifest.length);
                    exchange.getResponseBody().write(manifest);
                } else {
                    answer.send(exchange);
                }
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String fetch(long size) throws Exception {
        manifest = ("{\"files\":[{\"path\":\"a.safetensors\",\"size\":" + size + ",\"sha256\":\"" + "0".repeat(64)
                        + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(manifest));
    }

    private void refuses(String digest, String... why) throws IOException {
        ObjectStoreSettings settings = new ObjectStoreSettings(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                "us-east-1",
                "models",
                null,
                "a",
                "b",
                true);
        Path cache = directory.resolve("cache");
        try (ObjectStore store = new ObjectStore(settings)) {
            assertThatThrownBy(() -> new ArtifactCache(cache, store).fetch(store.location(digest)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll(why);
        }
        try (Stream<Path> left = Files.list(cache)) {
            assertThat(left).isEmpty();
        }
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        byte[] block = new byte[1 << 16];
        for (int i = 0; i < 100_000; i++) {
            out.write(block);
        }
    }

    @Test
    void anAnswerWithoutAnEndIsCutAtTheSizeOfTheManifest() throws Exception {
        answer = HostileStoreTest::endless;
        refuses(fetch(1_000), "a.safetensors", "1000 bytes");
    }

    @Test
    void aManifestWithoutAnEndIsCut() throws IOException {
        answer = HostileStoreTest::endless;
        refuses("0".repeat(64), "manifest.json", "bytes");
    }

    @Test
    void anAnswerOfAnotherLengthIsRefused() throws Exception {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write(new byte[5]);
        };
        refuses(fetch(1_000), "a.safetensors");
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        answer = exchange -> {
            exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest/meta-data/");
            exchange.sendResponseHeaders(302, -1);
        };
        refuses(fetch(1_000), "a.safetensors");
    }
}

package io.shiftadd.registry.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.shiftadd.registry.storage.FileDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A real HTTP server on loopback that serves directories as a Hub does, and misbehaves when it is told to. */
final class HubServer implements AutoCloseable {

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** What was asked for: method, path and range. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    /** How many of the next answers with weights break off half-way. */
    final AtomicInteger breaks = new AtomicInteger();

    private final HttpServer server;
    private final int otherPort;
    private final Map<String, Path> directories = new HashMap<>();

    private HubServer(HttpServer server, int otherPort) {
        this.server = server;
        this.otherPort = otherPort;
    }

    /** @param otherPort of a server that large files may be redirected to */
    static HubServer start(int port, int otherPort) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            HubServer hub = new HubServer(http, otherPort);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext("/", hub::handle);
            http.start();
            return hub;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HubServer serve(String repository, Path directory) {
        directories.put(repository, directory);
        return this;
    }

    /** The requests for a file with a range. */
    List<String> ranges(String file) {
        return requests.stream()
                .filter(request -> request.contains(file + " bytes="))
                .toList();
    }

    static String tagOf(Path file) throws IOException {
        return "\"" + Integer.toHexString(Arrays.hashCode(Files.readAllBytes(file))) + "\"";
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(exchange.getRequestMethod() + " " + path + (range == null ? "" : " " + range));
            String[] parts = path.replaceFirst("^/(hub|cdn)/", "").split("/resolve/[^/]+/", 2);
            String repository = parts[0];
            String file = parts.length < 2 ? "" : parts[1];
            if (path.startsWith("/hub/") && answeredOddly(exchange, repository, file)) {
                return;
            }
            Path content =
                    directories.getOrDefault(repository, Path.of("/nowhere")).resolve(file);
            if (file.isEmpty() || !Files.isRegularFile(content)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            send(exchange, content, range);
        }
    }

    /** The ways of the repositories whose name says that they have one. */
    private boolean answeredOddly(HttpExchange exchange, String repository, String file) throws IOException {
        boolean weights = file.endsWith(".safetensors");
        switch (repository) {
            case "odd/private" -> {
                String token = exchange.getRequestHeaders().getFirst("Authorization");
                if (!"Bearer hub-token".equals(token)) {
                    exchange.sendResponseHeaders(401, -1);
                    return true;
                }
            }
            case "odd/gated" -> {
                exchange.sendResponseHeaders(403, -1);
                return true;
            }
            case "odd/elsewhere" -> {
                redirect(exchange, "http://127.0.0.2:9/secret");
                return true;
            }
            case "odd/renamed" -> {
                redirect(exchange, exchange.getRequestURI().getPath().replace("odd/renamed", "sample/llama-mini"));
                return true;
            }
            case "odd/endless" -> {
                redirect(exchange, exchange.getRequestURI().getPath());
                return true;
            }
            case "odd/large-files-elsewhere", "odd/wrong-digest" -> {
                if (weights) {
                    String digest = repository.equals("odd/wrong-digest")
                            ? "0".repeat(64)
                            : FileDigest.of(directories.get(repository).resolve(file))
                                    .sha256();
                    exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + digest + "\"");
                    redirect(exchange, "http://127.0.0.1:" + otherPort + "/cdn/" + repository + "/resolve/x/" + file);
                    return true;
                }
            }
            case "odd/branch" -> exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
            case "odd/huge" -> {
                if (weights) {
                    exchange.sendResponseHeaders(200, 1L << 40);
                    exchange.getResponseBody().write(new byte[100]);
                    exchange.getResponseBody().flush();
                    return true;
                }
            }
            case "odd/unannounced" -> {
                if (weights) {
                    exchange.sendResponseHeaders(200, 0);
                    byte[] chunk = new byte[1 << 20];
                    for (int i = 0; i < 64; i++) {
                        exchange.getResponseBody().write(chunk);
                    }
                    return true;
                }
            }
            default -> {}
        }
        return false;
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(302, -1);
    }

    private void send(HttpExchange exchange, Path file, String range) throws IOException {
        byte[] content = Files.readAllBytes(file);
        String tag = tagOf(file);
        boolean rest = range != null && tag.equals(exchange.getRequestHeaders().getFirst("If-Range"));
        int from = rest ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
        exchange.getResponseHeaders().set("ETag", tag);
        if (rest) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(rest ? 206 : 200, content.length - from);
        boolean breaks = file.toString().endsWith(".safetensors") && this.breaks.getAndDecrement() > 0;
        int length = breaks ? (content.length - from) / 2 : content.length - from;
        exchange.getResponseBody().write(content, from, length);
    }
}

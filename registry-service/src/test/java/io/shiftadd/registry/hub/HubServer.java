package io.shiftadd.registry.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real HTTP server on loopback that serves directories as the Hub does: descriptions and listings page by page, files
 * by commit, large ones by a redirect to where it keeps them by their SHA-256. It misbehaves when a repository is told
 * to. It needs nothing of the registry: tests of the whole platform start it, too.
 */
public final class HubServer implements AutoCloseable {

    /** What may be wrong with a repository. */
    public enum Odd {
        NOTHING,
        PRIVATE,
        GATED,
        REDIRECTS_TO_ELSEWHERE,
        REDIRECTS_WITH_A_USER,
        REDIRECTS_WITHOUT_END,
        OTHER_BYTES,
        OTHER_LENGTH,
        MORE_BYTES,
        COMPRESSED,
        DRIPS,
        SILENT,
        BUSY_AT_FIRST,
        RENAMED,
        LISTS_HUGE_FILES,
        LISTS_WITHOUT_END,
        LISTS_OTHER_PATHS,
        GOES_ON_ELSEWHERE,
        NO_RANGES
    }

    private static final List<String> LARGE = List.of(".safetensors", ".gguf", ".bin");
    private static final int PAGE = 3;
    private static final JsonMapper JSON = new JsonMapper();

    private record Repository(Path directory, Odd odd) {}

    /** What was asked for: method, path and range. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    /** Authorization headers that came. */
    final List<String> tokens = new CopyOnWriteArrayList<>();

    /** How many of the next answers with a large file break off half-way. */
    final AtomicInteger breaks = new AtomicInteger();

    /** Milliseconds between pieces of 64 KB of a large file. */
    public volatile int pause;

    private final HttpServer server;
    private final int storePort;
    private final Map<String, Repository> repositories = new ConcurrentHashMap<>();

    /** Large files by SHA-256, of all repositories; those of the other server are its own. */
    private final Map<String, Path> store = new ConcurrentHashMap<>();

    private final AtomicInteger busy = new AtomicInteger();

    private HubServer(HttpServer server, int storePort) {
        this.server = server;
        this.storePort = storePort;
    }

    /** @param storePort of the server that large files are redirected to */
    public static HubServer start(int port, int storePort) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            HubServer hub = new HubServer(http, storePort);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext("/", hub::handle);
            http.start();
            return hub;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Serves a directory, its large files from another server. */
    public void serve(String repository, Path directory, Odd odd, HubServer other) {
        repositories.put(repository, new Repository(directory, odd));
        for (Path file : files(directory)) {
            other.store.put(id(file), file);
        }
        if (odd == Odd.BUSY_AT_FIRST) {
            busy.set(1);
        }
    }

    static String commitOf(String repository, String revision) {
        return revision.matches("[0-9a-f]{40}")
                ? revision
                : digest("SHA-256", (repository + "@" + revision).getBytes(StandardCharsets.UTF_8))
                        .substring(0, 40);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isLarge(Path file) {
        return LARGE.stream().anyMatch(file.toString()::endsWith);
    }

    /** As the Hub names a file: SHA-256 of large ones, Git's SHA-1 of the others. */
    static String id(Path file) {
        try {
            byte[] content = Files.readAllBytes(file);
            byte[] head =
                    isLarge(file) ? new byte[0] : ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
            return digest(isLarge(file) ? "SHA-256" : "SHA-1", head, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            String range = exchange.getRequestHeaders().getFirst("Range");
            requests.add(exchange.getRequestMethod() + " " + path + (range == null ? "" : " " + range));
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            if (token != null) {
                tokens.add(token);
            }
            List<String> parts = Arrays.stream(path.split("/"))
                    .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                    .toList();
            if (path.startsWith("/store/")) {
                Path file = store.get(parts.get(2));
                answerFile(exchange, file, file == null ? Odd.NOTHING : oddOf(parts.get(3)));
            } else if (path.startsWith("/hub/api/models/")) {
                describe(exchange, parts.get(4) + "/" + parts.get(5), parts.get(6), parts.get(7), token);
            } else if (path.startsWith("/hub/")) {
                resolve(
                        exchange,
                        parts.get(2) + "/" + parts.get(3),
                        String.join("/", parts.subList(6, parts.size())),
                        token);
            } else {
                refuse(exchange, 404, "");
            }
        }
    }

    private static Odd oddOf(String name) {
        return Odd.valueOf(name);
    }

    private void describe(HttpExchange exchange, String name, String kind, String revision, String token)
            throws IOException {
        Repository repository = repositories.get(name);
        boolean hidden = repository != null && repository.odd() == Odd.PRIVATE && !"Bearer hub-token".equals(token);
        if (repository == null || hidden) {
            refuse(exchange, 401, "RepoNotFound");
        } else if (revision.equals("nowhere")) {
            refuse(exchange, 404, "RevisionNotFound");
        } else if (repository.odd() == Odd.BUSY_AT_FIRST && busy.getAndDecrement() > 0) {
            exchange.getResponseHeaders().set("Retry-After", "0");
            refuse(exchange, 429, "");
        } else if (repository.odd() == Odd.RENAMED
                && !exchange.getRequestURI().getPath().contains("renamed2")) {
            redirect(exchange, exchange.getRequestURI().getRawPath().replace(name, "odd/renamed2"));
        } else if (kind.equals("revision")) {
            json(exchange, Map.of("id", name, "sha", commitOf(name, revision), "gated", repository.odd() == Odd.GATED));
        } else {
            list(exchange, name, repository, revision);
        }
    }

    private void list(HttpExchange exchange, String name, Repository repository, String commit) throws IOException {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Path file : files(repository.directory())) {
            String path = repository.directory().relativize(file).toString();
            boolean huge = repository.odd() == Odd.LISTS_HUGE_FILES && isLarge(file);
            long size = huge ? 1L << 50 : Files.size(file);
            entries.add(
                    isLarge(file)
                            ? Map.of(
                                    "type",
                                    "file",
                                    "oid",
                                    "0".repeat(40),
                                    "size",
                                    size,
                                    "path",
                                    path,
                                    "lfs",
                                    Map.of("oid", id(file), "size", size, "pointerSize", 130))
                            : Map.of("type", "file", "oid", id(file), "size", size, "path", path));
        }
        if (repository.odd() == Odd.LISTS_OTHER_PATHS) {
            for (String path : List.of("../../escape.safetensors", "/tmp/x.safetensors", "LICENSE/../../x", "x\0y")) {
                entries.add(Map.of("type", "file", "oid", "0".repeat(40), "size", 1, "path", path));
            }
        }
        entries.add(Map.of("type", "directory", "oid", "0".repeat(40), "size", 0, "path", "folder"));
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        int from = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=", "")) : 0;
        int end = Math.min(entries.size(), from + PAGE);
        boolean endless = repository.odd() == Odd.LISTS_WITHOUT_END;
        if (end < entries.size() || endless) {
            String host = repository.odd() == Odd.GOES_ON_ELSEWHERE
                    ? "http://127.0.0.1:" + storePort
                    : "http://127.0.0.1:" + port();
            exchange.getResponseHeaders()
                    .set(
                            "Link",
                            "<%s/hub/api/models/%s/tree/%s?recursive=true&cursor=%d>; rel=\"next\""
                                    .formatted(host, name, commit, endless ? 0 : end));
        }
        json(exchange, entries.subList(from, end));
    }

    private void resolve(HttpExchange exchange, String name, String path, String token) throws IOException {
        Repository repository = repositories.get(name);
        Path file = repository == null
                ? Path.of("/nowhere")
                : repository.directory().resolve(path);
        if (repository == null || !Files.isRegularFile(file)) {
            refuse(exchange, 404, "EntryNotFound");
            return;
        }
        if (repository.odd() == Odd.GATED) {
            refuse(exchange, 403, "GatedRepo");
            return;
        }
        if (repository.odd() == Odd.PRIVATE && !"Bearer hub-token".equals(token)) {
            refuse(exchange, 401, "RepoNotFound");
            return;
        }
        exchange.getResponseHeaders().set("X-Repo-Commit", commitOf(name, "main"));
        if (!isLarge(file)) {
            exchange.getResponseHeaders().set("ETag", "\"" + id(file) + "\"");
            answerFile(exchange, file, repository.odd() == Odd.COMPRESSED ? Odd.COMPRESSED : Odd.NOTHING);
            return;
        }
        exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + id(file) + "\"");
        exchange.getResponseHeaders().set("X-Linked-Size", Long.toString(Files.size(file)));
        String port = Integer.toString(storePort);
        redirect(
                exchange,
                switch (repository.odd()) {
                    case REDIRECTS_TO_ELSEWHERE -> "http://127.0.0.2:9/secret";
                    case REDIRECTS_WITH_A_USER ->
                        "http://user:word@127.0.0.1:" + port + "/store/" + id(file) + "/NOTHING";
                    case REDIRECTS_WITHOUT_END -> exchange.getRequestURI().getRawPath();
                    default -> "http://127.0.0.1:" + port + "/store/" + id(file) + "/" + repository.odd();
                });
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(302, -1);
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        exchange.sendResponseHeaders(status, -1);
    }

    private static void json(HttpExchange exchange, Object value) throws IOException {
        byte[] body = JSON.writeValueAsBytes(value);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private void answerFile(HttpExchange exchange, Path file, Odd odd) throws IOException {
        if (file == null) {
            refuse(exchange, 404, "");
            return;
        }
        byte[] content = Files.readAllBytes(file);
        if (odd == Odd.OTHER_BYTES) {
            content[content.length - 1] ^= 1;
        }
        String range =
                odd == Odd.NO_RANGES ? null : exchange.getRequestHeaders().getFirst("Range");
        int from = 0;
        int end = content.length;
        if (range != null) {
            String[] bounds = range.replace("bytes=", "").split("-");
            from = Integer.parseInt(bounds[0]);
            end = bounds.length > 1 ? Math.min(end, Integer.parseInt(bounds[1]) + 1) : end;
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (end - 1) + "/" + content.length);
        }
        int length = end - from;
        boolean whole = end == content.length;
        if (odd == Odd.COMPRESSED) {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        if (odd == Odd.SILENT && whole) {
            pauseFor(60_000);
        }
        boolean other = odd == Odd.OTHER_LENGTH && whole;
        boolean more = odd == Odd.MORE_BYTES && whole;
        exchange.sendResponseHeaders(range == null ? 200 : 206, more ? 0 : other ? length + 7 : length);
        boolean large = isLarge(file) && whole;
        int sent = large && breaks.get() > 0 && breaks.getAndDecrement() > 0 ? length / 2 : length;
        write(exchange.getResponseBody(), content, from, sent, odd == Odd.DRIPS && whole);
        if (more || other) {
            exchange.getResponseBody().write(new byte[7]);
        }
    }

    private void write(OutputStream out, byte[] content, int from, int count, boolean drips) throws IOException {
        int piece = drips ? 1 : 1 << 16;
        for (int at = 0; at < count; at += piece) {
            out.write(content, from + at, Math.min(piece, count - at));
            if (drips || pause > 0) {
                out.flush();
                pauseFor(drips ? 50 : pause);
            }
        }
    }

    private static void pauseFor(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

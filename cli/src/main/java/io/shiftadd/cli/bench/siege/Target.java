package io.shiftadd.cli.bench.siege;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A service that is under siege, and the ways to speak to it: properly, or by bytes. */
record Target(
        URI inference, URI registry, String model, @Nullable String key, HttpClient http) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** Sends JSON and reads the whole answer. */
    int post(URI service, String path, Object body) throws IOException, InterruptedException {
        String text = body instanceof String raw ? raw : JSON.writeValueAsString(body);
        HttpRequest.Builder request = request(service.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(text));
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** The whole answer. */
    String get(URI service, String path) throws IOException, InterruptedException {
        return http.send(request(service.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    int delete(URI service, String path) throws IOException, InterruptedException {
        return http.send(request(service.resolve(path)).DELETE().build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpRequest.Builder request(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(LONGEST);
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    /** A connection with small buffers, as of a client that hardly reads. */
    Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(2_048);
        socket.setSoTimeout((int) LONGEST.toMillis());
        socket.connect(new java.net.InetSocketAddress(inference.getHost(), inference.getPort()));
        return socket;
    }

    /** Writes the head of a request, and as much of its body as is given. */
    void send(Socket socket, String path, byte[] body, int announced) throws IOException {
        String head = "POST " + path + " HTTP/1.1\r\nHost: " + inference.getAuthority()
                + "\r\nContent-Type: application/json\r\n"
                + (key == null ? "" : "Authorization: Bearer " + key + "\r\n")
                + "Content-Length: " + announced + "\r\n\r\n";
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    static byte[] json(Object body) {
        return JSON.writeValueAsBytes(body);
    }
}

package io.shiftadd.cli.bench.service;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which inference-service is measured, and with what key; the requests beside completions that this takes. */
final class ServiceOptions {

    private static final int OK = 200;

    @Option(names = "--url", description = "Default: http://127.0.0.1 and the port of the stack's inference-service.")
    @Nullable
    URI url;

    @Option(
            names = "--key",
            defaultValue = "${env:SHIFTADD_API_KEY}",
            description = "API key, if the service asks for one.")
    @Nullable
    String key;

    private final HttpClient client = HttpClient.newHttpClient();

    URI service() {
        return url == null ? URI.create("http://127.0.0.1:" + port()) : url;
    }

    private static String port() {
        String port = System.getenv("SHIFTADD_INFERENCE_PORT");
        return port == null || port.isBlank() ? "8082" : port.strip();
    }

    StreamedCompletion complete(Map<String, ?> body) throws InterruptedException {
        return StreamedCompletion.run(client, service(), key, body);
    }

    JsonNode get(String path) throws InterruptedException {
        return send(path, HttpRequest.newBuilder(service().resolve(path)).GET());
    }

    JsonNode post(String path) throws InterruptedException {
        return send(path, HttpRequest.newBuilder(service().resolve(path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private JsonNode send(String path, HttpRequest.Builder request) throws InterruptedException {
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != OK) {
                throw new CommandFailure(
                        "the service answered " + response.statusCode() + " to " + path + ": " + response.body(),
                        "See what it says: ./shiftadd logs inference");
            }
            return JsonMapper.shared().readTree(response.body());
        } catch (IOException e) {
            throw new CommandFailure(
                    "nothing answers at " + service() + ": " + e, "Start the services with: ./shiftadd up", e);
        }
    }
}

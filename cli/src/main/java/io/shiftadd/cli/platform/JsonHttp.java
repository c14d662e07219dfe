package io.shiftadd.cli.platform;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests with JSON bodies, sent with the key. Whatever goes wrong becomes a {@link CommandFailure} that says what the
 * service said.
 */
final class JsonHttp {

    /** Registering a model reads all its bytes; a large one takes minutes on a slow disk. */
    private static final Duration TIMEOUT = Duration.ofMinutes(30);

    private static final int UNAUTHORIZED = 401;
    private static final int FIRST_FAILURE = 400;

    private final HttpClient client;
    private final JsonMapper json;
    private final String key;

    /** @param key sent as a bearer token; empty where none is needed */
    JsonHttp(HttpClient client, JsonMapper json, String key) {
        this.client = client;
        this.json = json;
        this.key = key;
    }

    HttpRequest.Builder request(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    HttpRequest.Builder post(URI uri, Map<String, ?> body) {
        return request(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.writeValueAsString(body)));
    }

    /** @throws RefusedRequest when the answer is a failure */
    JsonNode call(HttpRequest.Builder builder) throws InterruptedException {
        HttpRequest request = builder.timeout(TIMEOUT).build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() >= FIRST_FAILURE) {
                throw refused(request, response.statusCode(), response.body());
            }
            return tree(response.body());
        } catch (IOException e) {
            throw silent(request, e);
        }
    }

    /** Opens an answer that grows. @throws RefusedRequest when it is a failure */
    ServerSentEvents open(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() >= FIRST_FAILURE) {
                try (InputStream body = response.body()) {
                    throw refused(
                            request, response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
            return new ServerSentEvents(response.body());
        } catch (IOException e) {
            throw silent(request, e);
        }
    }

    JsonNode tree(String text) {
        try {
            return text.isBlank() ? json.createObjectNode() : json.readTree(text);
        } catch (JacksonException notJson) {
            return json.createObjectNode();
        }
    }

    private static CommandFailure silent(HttpRequest request, IOException e) {
        String address = request.uri().getScheme() + "://" + request.uri().getAuthority();
        return e instanceof ConnectException
                ? new CommandFailure(
                        "nothing answers at " + address,
                        "Start the stack: ./shiftadd up. What runs: ./shiftadd status",
                        e)
                : new CommandFailure(
                        "the answer of %s to %s broke off: %s"
                                .formatted(address, request.uri().getPath(), e.getMessage()),
                        "See what the services say: ./shiftadd logs",
                        e);
    }

    private RefusedRequest refused(HttpRequest request, int status, String text) {
        JsonNode body = tree(text);
        JsonNode openAi = body.path("error");
        String type = body.path("type").asString("");
        String code = openAi.path("code").asString(type.substring(type.lastIndexOf(':') + 1));
        String said = openAi.path("message").asString(body.path("detail").asString(""));
        if (status == UNAUTHORIZED) {
            return new RefusedRequest(
                    status,
                    code,
                    request.uri().getAuthority() + " wants an API key" + (key.isEmpty() ? "" : ", and not this one"),
                    "Set SHIFTADD_API_KEY to one that ./shiftadd key create has made.");
        }
        List<String> remedies = new ArrayList<>();
        List<String> wrongs = new ArrayList<>();
        for (JsonNode error : body.path("errors")) {
            wrongs.add(sentence(error));
            if (error.path("remedy").isString()) {
                remedies.add(capital(error.path("remedy").asString()) + ".");
            }
        }
        if (!wrongs.isEmpty()) {
            said = String.join("; ", wrongs);
        }
        if (said.isEmpty()) {
            said = "%s %s was answered with %d".formatted(request.method(), request.uri(), status);
        }
        return new RefusedRequest(status, code, said, String.join("\n", remedies));
    }

    private static String sentence(JsonNode error) {
        String limit = error.path("limit").asString("");
        return error.path("field").asString("") + " " + error.path("message").asString("")
                + (limit.isEmpty() ? "" : "; allowed: " + limit);
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}

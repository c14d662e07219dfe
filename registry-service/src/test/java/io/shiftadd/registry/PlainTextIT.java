package io.shiftadd.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.registry.Api.Answer;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Text that nobody could have meant is refused by the field and the character, wherever the API takes any: in every
 * parameter and every field of every operation that the document has, so that new ones are tried as well.
 */
class PlainTextIT extends RegistryIT {

    private static final JsonMapper JSON = new JsonMapper();

    /** As they are escaped in JSON, with how they are called. */
    private static final Map<String, String> IN_JSON = Map.of(
            "\\u0000", "U+0000",
            "\\u001b", "U+001B",
            "\\ud800", "U+D800",
            "\\udc00\\ud800", "U+DC00",
            "\\u202e", "U+202E",
            "\\u2066", "U+2066",
            "\\u061c", "U+061C",
            "\\u200b", "U+200B",
            "\\uffff", "U+FFFF");

    private static final List<String> IN_URL =
            List.of("%00", "%1B", "%7F", "%ED%A0%80", "%FF", "%E2%80%AE", "%D8%9C", "%EF%BF%BF");

    /** Whose bodies are what people and models have written, neither names nor settings. */
    private static final Set<String> CONVERSATIONS = Set.of("keepResponse");

    private record Operation(String method, String path, JsonNode described) {}

    private List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        JsonNode paths = api().get("/v3/api-docs").json().path("paths");
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                operations.add(new Operation(
                        operation.getKey().toUpperCase(java.util.Locale.ROOT), path.getKey(), operation.getValue()));
            }
        }
        return operations;
    }

    private Answer send(String method, String path, String body) {
        return api().send(api().request(path)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        method.equals("GET") || method.equals("DELETE")
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void noParameterOfAnyOperationTakesWhatIsNoText() {
        int tried = 0;
        for (Operation operation : operations()) {
            for (JsonNode parameter : operation.described().path("parameters")) {
                String name = parameter.path("name").asString();
                String in = parameter.path("in").asString();
                for (String bad : IN_URL) {
                    String path = operation.path().replaceAll("\\{[^}]*}", "x");
                    if (in.equals("path")) {
                        path = operation
                                .path()
                                .replace("{" + name + "}", "a" + bad)
                                .replaceAll("\\{[^}]*}", "x");
                    } else if (in.equals("query")) {
                        path += "?" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "=a" + bad;
                    } else {
                        continue;
                    }
                    Answer answer = send(operation.method(), path, "{}");
                    assertThat(answer.status())
                            .as("%s %s: %s", operation.method(), path, answer.body())
                            .isEqualTo(400);
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThan(100);
    }

    @Test
    void noFieldOfAnyBodyTakesWhatIsNoText() {
        int tried = 0;
        JsonNode schemas = api().get("/v3/api-docs").json().path("components").path("schemas");
        for (Operation operation : operations()) {
            if (CONVERSATIONS.contains(operation.described().path("operationId").asString())) {
                continue;
            }
            JsonNode schema = operation.described().at("/requestBody/content/application~1json/schema");
            String reference = schema.path("$ref").asString("");
            JsonNode fields = schemas.path(reference.substring(reference.lastIndexOf('/') + 1))
                    .path("properties");
            for (String field : fields.propertyNames()) {
                for (Map.Entry<String, String> bad : IN_JSON.entrySet()) {
                    for (String value : List.of("\"a%sb\"", "[\"a%sb\"]", "{\"a\":{\"b\":\"%s\"}}")) {
                        String path = operation.path().replaceAll("\\{[^}]*}", "x");
                        String body =
                                "{%s:%s}".formatted(JSON.writeValueAsString(field), value.formatted(bad.getKey()));
                        Answer answer = send(operation.method(), path, body);
                        assertThat(answer.status())
                                .as("%s %s: %s", path, body, answer.body())
                                .isEqualTo(400);
                        assertThat(answer.json().path("detail").asString()).contains(field, bad.getValue());
                        tried++;
                    }
                }
            }
        }
        assertThat(tried).isGreaterThan(200);
    }

    @Test
    void aTextWithNulIsNone() {
        Answer answer = api().send(api().request("/api/v1/texts?name=nul")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("abc\u0000def")));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("detail").asString()).contains("U+0000");
        assertThat(api().get("/api/v1/texts/nul").status()).isEqualTo(404);
    }
}

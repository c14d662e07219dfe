package io.shiftadd.http.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A service's OpenAPI document, which is part of its API: it changes only on purpose. To take a new snapshot after such
 * a change, run the service's {@code OpenApiIT} with {@code -Dsnapshots.update=true} and commit the file.
 */
public record OpenApiDocument(JsonNode root) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final List<String> TOLD = List.of("example", "description", "$ref", "enum", "oneOf", "format");

    /** Asserts that the document is the one of {@code docs/openapi}. */
    public void assertIsSnapshotOf(String service) throws IOException {
        Path snapshot = Path.of("..", "docs", "openapi", service + ".json")
                .toAbsolutePath()
                .normalize();
        String document = JSON.writeValueAsString(root) + "\n";
        if (Boolean.getBoolean("snapshots.update")) {
            Files.createDirectories(snapshot.getParent());
            Files.writeString(snapshot, document);
        }
        assertThat(snapshot)
                .content()
                .as("run with -Dsnapshots.update=true if the change is meant")
                .isEqualTo(document);
    }

    /** Asserts that each operation has an id, a summary, a tag, and what a service asks of it besides. */
    public void assertEveryOperationIsComplete(BiConsumer<Operation, Missing> besides) {
        Missing missing = new Missing(new ArrayList<>());
        for (Map.Entry<String, JsonNode> path : root.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> entry : path.getValue().properties()) {
                Operation operation = new Operation(entry.getKey(), path.getKey(), entry.getValue());
                for (String pointer : List.of("/operationId", "/summary", "/tags/0")) {
                    missing.unlessThere(operation, pointer);
                }
                besides.accept(operation, missing);
            }
        }
        assertThat(missing.what()).isEmpty();
    }

    /** Asserts that each operation has a problem for a failure of the server, and each refusal one with examples. */
    public void assertEveryOperationIsCompleteWithProblems() {
        assertEveryOperationIsComplete((operation, missing) -> {
            missing.unlessThere(operation, "/responses/500/content/application~1problem+json");
            operation.statuses().stream()
                    .filter(status -> status.startsWith("4"))
                    .forEach(status -> missing.unlessThere(
                            operation, "/responses/" + status + "/content/application~1problem+json/examples"));
        });
    }

    /** Asserts that each property of each schema is told by an example, a description, or a type that tells itself. */
    public void assertEveryPropertyIsTold() {
        List<String> untold = new ArrayList<>();
        for (Map.Entry<String, JsonNode> schema : root.at("/components/schemas").properties()) {
            for (Map.Entry<String, JsonNode> property :
                    schema.getValue().path("properties").properties()) {
                JsonNode value = property.getValue();
                if (TOLD.stream().noneMatch(value::has) && !value.path("items").has("$ref")) {
                    untold.add(schema.getKey() + "." + property.getKey());
                }
            }
        }
        assertThat(untold).isEmpty();
    }

    /** One operation, e.g. {@code post} of {@code /v1/completions}. */
    public record Operation(String method, String path, JsonNode node) {

        public List<String> statuses() {
            return node.path("responses").properties().stream()
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    /** What operations lack, by JSON pointer. */
    public record Missing(List<String> what) {

        public void unlessThere(Operation operation, String pointer) {
            if (operation.node().at(pointer).isMissingNode()) {
                what.add(operation.method() + " " + operation.path() + " " + pointer);
            }
        }
    }
}

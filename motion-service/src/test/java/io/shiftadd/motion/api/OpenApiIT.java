package io.shiftadd.motion.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.motion.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The OpenAPI document is part of the API: it changes only on purpose. To take a new snapshot after such a change, run
 * this test with {@code -Dsnapshots.update=true} and commit the file.
 */
class OpenApiIT {

    private static final Path SNAPSHOT = Path.of("..", "docs", "openapi", "motion-service.json")
            .toAbsolutePath()
            .normalize();

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service("shiftadd.motion.library=/nowhere/libmujoco.so");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static JsonNode document() {
        return service.get("/v3/api-docs").json();
    }

    @Test
    void isTheSnapshot() throws IOException {
        String document = JSON.writeValueAsString(document()) + "\n";
        if (Boolean.getBoolean("snapshots.update")) {
            Files.createDirectories(SNAPSHOT.getParent());
            Files.writeString(SNAPSHOT, document);
        }
        assertThat(SNAPSHOT)
                .content()
                .as("run with -Dsnapshots.update=true if the change is meant")
                .isEqualTo(document);
    }

    @Test
    void documentsEveryOperationWithItsProblems() {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document().get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String where = operation.getKey() + " " + path.getKey();
                JsonNode value = operation.getValue();
                require(missing, where + " operationId", value.path("operationId"));
                require(missing, where + " summary", value.path("summary"));
                require(missing, where + " tags", value.path("tags").path(0));
                require(missing, where + " problem 500", value.at("/responses/500/content/application~1problem+json"));
                value.path("responses").properties().stream()
                        .filter(response -> response.getKey().startsWith("4"))
                        .forEach(response -> require(
                                missing,
                                where + " " + response.getKey() + " as a problem",
                                response.getValue().at("/content/application~1problem+json/examples")));
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void givesEveryPropertyAnExampleOrADescription() {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, JsonNode> schema :
                document().at("/components/schemas").properties()) {
            for (Map.Entry<String, JsonNode> property :
                    schema.getValue().path("properties").properties()) {
                JsonNode value = property.getValue();
                boolean told = value.has("example")
                        || value.has("description")
                        || value.has("$ref")
                        || value.has("enum")
                        || value.has("oneOf")
                        || value.path("items").has("$ref");
                if (!told) {
                    missing.add(schema.getKey() + "." + property.getKey());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void servesSwaggerUi() {
        assertThat(service.get("/swagger-ui/index.html").body()).contains("swagger-ui");
    }

    private static void require(List<String> missing, String what, JsonNode value) {
        if (value.isMissingNode()) {
            missing.add(what);
        }
    }
}

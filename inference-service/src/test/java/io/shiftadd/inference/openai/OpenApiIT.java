package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.http.document.OpenApiDocument;
import io.shiftadd.inference.Service;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiIT {

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static OpenApiDocument document() {
        return new OpenApiDocument(service.get("/v3/api-docs").json());
    }

    @Test
    void isTheSnapshot() throws IOException {
        document().assertIsSnapshotOf("inference-service");
    }

    @Test
    void documentsEveryOperationWithItsErrors() {
        document().assertEveryOperationIsComplete((operation, missing) -> {
            missing.unlessThere(operation, "/responses/200/content/application~1json/schema");
            if (!operation.path().equals("/health")) {
                List.of("401", "403", "429", "500", "503")
                        .forEach(status -> missing.unlessThere(operation, "/responses/" + status));
            }
            operation.statuses().stream()
                    .filter(status -> !status.startsWith("2"))
                    .forEach(status -> missing.unlessThere(
                            operation, "/responses/" + status + "/content/application~1json/examples"));
        });
    }

    @Test
    void documentsStreamsAsEvents() {
        for (String path : List.of("/v1/completions", "/v1/chat/completions")) {
            JsonNode events =
                    document().root().path("paths").path(path).at("/post/responses/200/content/text~1event-stream");
            assertThat(events.path("schema").has("$ref")).as(path).isTrue();
            assertThat(events.at("/example").stringValue() + events.at("/examples"))
                    .contains("data: ", "[DONE]");
        }
    }

    @Test
    void givesEveryPropertyAnExampleOrADescription() {
        document().assertEveryPropertyIsTold();
    }

    @Test
    void servesSwaggerUi() {
        assertThat(service.get("/swagger-ui/index.html").body()).contains("swagger-ui");
    }
}

package io.shiftadd.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.http.document.OpenApiDocument;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class OpenApiIT extends RegistryIT {

    private OpenApiDocument document() {
        return new OpenApiDocument(api().get("/v3/api-docs").json());
    }

    @Test
    void isTheSnapshot() throws IOException {
        document().assertIsSnapshotOf("registry-service");
    }

    @Test
    void documentsEveryOperationWithItsProblems() {
        document().assertEveryOperationIsCompleteWithProblems();
    }

    @Test
    void givesEveryPropertyAnExampleOrADescription() {
        document().assertEveryPropertyIsTold();
    }

    @Test
    void servesSwaggerUi() {
        assertThat(api().get("/swagger-ui/index.html").body()).contains("swagger-ui");
    }
}

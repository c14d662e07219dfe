package io.shiftadd.motion.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.http.document.OpenApiDocument;
import io.shiftadd.motion.Service;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OpenApiIT {

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service("shiftadd.motion.library=/nowhere/libmujoco.so");
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
        document().assertIsSnapshotOf("motion-service");
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
        assertThat(service.get("/swagger-ui/index.html").body()).contains("swagger-ui");
    }
}

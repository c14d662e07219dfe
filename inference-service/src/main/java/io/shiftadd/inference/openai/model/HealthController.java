package io.shiftadd.inference.openai.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.shiftadd.inference.loading.ServedModels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Health")
public class HealthController {

    private final ServedModels models;

    HealthController(ServedModels models) {
        this.models = models;
    }

    /** The service answers, and what it served before it still can. */
    @Schema(name = "Health")
    record Health(
            @Schema(example = "ok") String status,

            @Schema(description = "Models that were served and cannot be now, and why; only when there are any")
            @JsonInclude(JsonInclude.Include.NON_EMPTY)
            Map<String, String> models) {}

    @GetMapping(path = "/health", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "health",
            summary = "Whether the service answers",
            description = "Needs no API key. 503 while a model that was served cannot be.")
    ResponseEntity<Health> health() {
        Map<String, String> faults = models.broken().faults();
        return faults.isEmpty()
                ? ResponseEntity.ok(new Health("ok", faults))
                : ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).body(new Health("down", faults));
    }
}

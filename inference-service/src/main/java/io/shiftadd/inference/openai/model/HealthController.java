package io.shiftadd.inference.openai.model;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Health")
public class HealthController {

    /** The service answers. */
    @Schema(name = "Health")
    record Health(@Schema(example = "ok") String status) {}

    @GetMapping(path = "/health", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "health", summary = "Whether the service answers", description = "Needs no API key.")
    Health health() {
        return new Health("ok");
    }
}

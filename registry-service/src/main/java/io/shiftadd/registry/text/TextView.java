package io.shiftadd.registry.text;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;

/** A text as the API shows it. */
@Schema(name = "Text", description = "A registered text")
public record TextView(
        UUID id,
        @Schema(example = "books-calibration") String name,

        @Schema(description = "The file", example = "/srv/texts/books-calibration.txt")
        String location,

        @Schema(example = "1048576") long sizeBytes,

        @Schema(example = "0f343b0931126a20f133d67c2b018a3b5a4d0c2f1c4f6d0f5f5a6c3f0a1b2c3d")
        String sha256,

        Instant createdAt) {}

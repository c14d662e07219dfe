package io.shiftadd.registry.model;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/** A file of a model, relative to the model's location. */
@Embeddable
@Schema(description = "A file of a model")
public record ModelFile(
        @Schema(description = "Relative to the model's location", example = "model.safetensors")
        String path,

        @Schema(example = "6302416") long sizeBytes,

        @Column(name = "sha256") @Schema(example = "0f343b0931126a20f133d67c2b018a3b5a4d0c2f1c4f6d0f5f5a6c3f0a1b2c3d")
        String sha256) {}

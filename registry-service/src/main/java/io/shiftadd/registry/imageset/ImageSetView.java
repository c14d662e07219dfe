package io.shiftadd.registry.imageset;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A set of images as the API shows it. */
@Schema(name = "ImageSet", description = "A registered set of labelled images")
public record ImageSetView(
        UUID id,
        @Schema(example = "cats-and-dogs") String name,

        @Schema(description = "Directory of class folders, IDX file of images, or table", example = "/srv/images/pets")
        String location,

        @Schema(example = "10000") int images,

        @Schema(description = "Names of the classes, in their order", example = "[\"cat\", \"dog\"]")
        List<String> classes,

        @Schema(example = "9209662") long sizeBytes,

        @Schema(
                description = "SHA-256 of the names and contents of all files",
                example = "0f343b0931126a20f133d67c2b018a3b5a4d0c2f1c4f6d0f5f5a6c3f0a1b2c3d")
        String sha256,

        Instant createdAt) {}

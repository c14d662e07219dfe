package io.shiftadd.registry.imageset;

import io.shiftadd.registry.request.RequestFields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What POST /api/v1/image-sets is sent. */
@Schema(description = "A set of labelled images to be registered where it lies")
record ImageSetRequest(
        @Schema(
                description = "Name to register it under; the name of the directory or file when absent",
                example = "cats-and-dogs")
        @Nullable
        String name,

        @Schema(
                description =
                        "Under an allowed root, absolute or relative to a root: a directory with a folder of images"
                                + " for each class; a directory with a pair of IDX files, or its file of images; a table (.csv)"
                                + " with the columns offset, length, label and name of images in a .bin file beside it",
                requiredMode = Schema.RequiredMode.REQUIRED,
                example = "pets")
        String path) {

    private static final int MAX_PATH = 4096;

    static ImageSetRequest read(JsonNode body) {
        RequestFields fields = RequestFields.of(body);
        String name = fields.name("name");
        String path = fields.text("path", MAX_PATH);
        fields.require("path", path, "a set of images under an allowed root");
        fields.finish();
        return new ImageSetRequest(name, Objects.requireNonNull(path));
    }
}

package io.shiftadd.registry.text;

import io.shiftadd.registry.request.RequestFields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What POST /api/v1/texts is sent as JSON. */
@Schema(description = "A text file to be registered where it lies")
record TextRequest(
        @Schema(
                description = "Name to register it under; the name of the file without its ending when absent",
                example = "books-calibration")
        @Nullable
        String name,

        @Schema(
                description = "UTF-8 file under an allowed root, absolute or relative to a root",
                requiredMode = Schema.RequiredMode.REQUIRED,
                example = "books-calibration.txt")
        String path) {

    private static final int MAX_PATH = 4096;

    static TextRequest read(JsonNode body) {
        RequestFields fields = RequestFields.of(body);
        String name = fields.name("name");
        String path = fields.text("path", MAX_PATH);
        fields.require("path", path, "a text file under an allowed root");
        fields.finish();
        return new TextRequest(name, Objects.requireNonNull(path));
    }
}

package io.shiftadd.registry.model;

import io.shiftadd.registry.request.RequestFields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What POST /api/v1/models is sent. */
@Schema(description = "A model to be imported")
record ImportRequest(
        @Schema(
                description = "Name to register it under; the name of the directory when absent",
                example = "llama-mini")
        @Nullable
        String name,

        @Schema(
                description = "Directory or GGUF file under an allowed root, absolute or relative to a root",
                requiredMode = Schema.RequiredMode.REQUIRED,
                example = "llama-mini")
        String path) {

    private static final int MAX_PATH = 4096;

    static ImportRequest read(JsonNode body) {
        RequestFields fields = RequestFields.of(body);
        String name = fields.name("name");
        String path = fields.text("path", MAX_PATH);
        fields.require("path", path, "a directory under an allowed root");
        fields.finish();
        return new ImportRequest(name, Objects.requireNonNull(path));
    }
}

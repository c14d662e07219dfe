package io.shiftadd.inference.openai.embedding;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/embeddings}. */
@Schema(name = "EmbeddingRequest")
record EmbeddingBody(
        @Schema(
                description = "Name (or id) of a registered model",
                example = "llama-mini",
                requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        @Schema(
                description = "A text, an array of texts, an array of token ids, or an array of such arrays;"
                        + " at most 2,048",
                example = "Once upon a time",
                requiredMode = Schema.RequiredMode.REQUIRED)
        Object input,

        @Schema(
                description = "float: numbers; base64: little-endian 32-bit floats",
                allowableValues = {"float", "base64"},
                defaultValue = "float")
        @JsonProperty("encoding_format")
        @Nullable
        String encodingFormat,

        @Schema(description = "The model's own width, or absent") @Nullable
        Integer dimensions,

        @Schema(description = "Whom the request is for; not used") @Nullable
        String user) {}

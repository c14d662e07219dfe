package io.shiftadd.inference.openai.structure;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The field {@code response_format}. */
@Schema(name = "ResponseFormat", description = "What the answer must be; always valid JSON unless the type is text")
public record ResponseFormatBody(
        @Schema(
                allowableValues = {"text", "json_object", "json_schema"},
                requiredMode = Schema.RequiredMode.REQUIRED)
        String type,

        @JsonProperty("json_schema") @Nullable JsonSchemaBody jsonSchema) {

    /** The field {@code json_schema}. */
    @Schema(name = "ResponseJsonSchema")
    record JsonSchemaBody(
            @Schema(description = "Letters, digits, _ and -, at most 64", requiredMode = Schema.RequiredMode.REQUIRED)
            String name,

            @Schema(description = "What the answer is for; not used") @Nullable
            String description,

            @Schema(
                    description = "JSON Schema, draft 2020-12. A keyword that cannot be honoured is refused.",
                    type = "object")
            @Nullable
            Object schema,

            @Schema(description = "The schema is always kept to", defaultValue = "true") @Nullable
            Boolean strict) {}
}

package io.shiftadd.registry.response;

import io.shiftadd.registry.request.RequestFields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;

/**
 * What PUT /api/v1/responses/{response} is sent.
 *
 * @param items as JSON
 * @param response as JSON
 */
@Schema(description = "A response to be kept")
record KeptResponseRequest(
        @Schema(
                description = "What it answers, the oldest first, earlier turns included",
                type = "array",
                requiredMode = Schema.RequiredMode.REQUIRED)
        String items,

        @Schema(description = "The response itself", type = "object", requiredMode = Schema.RequiredMode.REQUIRED)
        String response) {

    /** @param maxSize of items and response together */
    static KeptResponseRequest read(JsonNode body, DataSize maxSize) {
        RequestFields fields = RequestFields.of(body);
        JsonNode items = fields.has("items") ? body.path("items") : null;
        JsonNode response = fields.has("response") ? body.path("response") : null;
        if (items == null || !items.isArray()) {
            fields.refuse("items", "is no array", "an array of items", null);
        }
        if (response == null || !response.isObject()) {
            fields.refuse("response", "is no object", "a response, an object", null);
        }
        KeptResponseRequest read = new KeptResponseRequest(String.valueOf(items), String.valueOf(response));
        if (read.sizeBytes() > maxSize.toBytes()) {
            fields.refuse(
                    "response",
                    "has " + read.sizeBytes() + " bytes with its items",
                    "at most " + maxSize.toBytes() + ", shiftadd.responses.max-size",
                    "go on by sending the earlier items");
        }
        fields.finish();
        return read;
    }

    long sizeBytes() {
        return (long) items.getBytes(StandardCharsets.UTF_8).length + response.getBytes(StandardCharsets.UTF_8).length;
    }
}

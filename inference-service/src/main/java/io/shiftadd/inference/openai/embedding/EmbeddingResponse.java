package io.shiftadd.inference.openai.embedding;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.openai.answer.Usage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The answer of {@code POST /v1/embeddings}. */
@Schema(name = "EmbeddingList")
record EmbeddingResponse(
        @Schema(allowableValues = "list") String object,
        List<Item> data,
        @Schema(example = "llama-mini") String model,
        Usage usage) {

    /** @param embedding an array of numbers, or base64 */
    @Schema(name = "Embedding")
    record Item(
            @Schema(allowableValues = "embedding") String object,

            @Schema(description = "Of the text", example = "0")
            int index,

            @Schema(
                    description = "Numbers, or base64 of little-endian 32-bit floats",
                    oneOf = {float[].class, String.class})
            Object embedding) {}

    /** Tokens of all texts. */
    @Schema(name = "EmbeddingUsage")
    record Usage(
            @Schema(example = "6") @JsonProperty("prompt_tokens")
            int promptTokens,

            @Schema(example = "6") @JsonProperty("total_tokens")
            int totalTokens) {}
}

package io.shiftadd.inference.openai.answer;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/** Tokens that a request took. */
@Schema(name = "Usage")
public record Usage(
        @Schema(example = "6") @JsonProperty("prompt_tokens")
        int promptTokens,

        @Schema(example = "40") @JsonProperty("completion_tokens")
        int completionTokens,

        @Schema(example = "46") @JsonProperty("total_tokens")
        int totalTokens,

        @JsonProperty("prompt_tokens_details") PromptDetails promptTokensDetails) {

    /** @param cachedTokens whose keys and values were there from earlier prompts */
    @Schema(name = "PromptTokensDetails")
    record PromptDetails(
            @Schema(description = "Taken from the prefix cache", example = "0") @JsonProperty("cached_tokens")
            int cachedTokens) {}

    public static Usage of(int prompt, int completion, int cached) {
        return new Usage(prompt, completion, prompt + completion, new PromptDetails(cached));
    }
}

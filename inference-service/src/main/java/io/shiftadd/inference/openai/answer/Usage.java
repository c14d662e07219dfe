package io.shiftadd.inference.openai.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Tokens that a request took. */
@Schema(name = "Usage")
public record Usage(
        @Schema(example = "6") @JsonProperty("prompt_tokens")
        int promptTokens,

        @Schema(example = "40") @JsonProperty("completion_tokens")
        int completionTokens,

        @Schema(example = "46") @JsonProperty("total_tokens")
        int totalTokens,

        @JsonProperty("prompt_tokens_details") PromptDetails promptTokensDetails,

        @Schema(description = "In conversations")
        @JsonProperty("completion_tokens_details")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        CompletionDetails completionTokensDetails) {

    /** @param cachedTokens whose keys and values were there from earlier prompts */
    @Schema(name = "PromptTokensDetails")
    record PromptDetails(
            @Schema(description = "Taken from the prefix cache", example = "0") @JsonProperty("cached_tokens")
            int cachedTokens) {}

    /** @param reasoningTokens of the completion, which the model thought */
    @Schema(name = "CompletionTokensDetails")
    record CompletionDetails(
            @Schema(description = "Thought before the answer", example = "0") @JsonProperty("reasoning_tokens")
            int reasoningTokens) {}

    public static Usage of(int prompt, int completion, int cached) {
        return new Usage(prompt, completion, prompt + completion, new PromptDetails(cached), null);
    }

    /** Of answers in a conversation. */
    public static Usage of(int prompt, int completion, int cached, int reasoning) {
        return new Usage(
                prompt, completion, prompt + completion, new PromptDetails(cached), new CompletionDetails(reasoning));
    }
}

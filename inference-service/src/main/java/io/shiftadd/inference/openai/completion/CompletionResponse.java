package io.shiftadd.inference.openai.completion;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.openai.answer.Usage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An answer of {@code POST /v1/completions}, whole or one chunk of a stream.
 *
 * @param usage in a stream only with include_usage: JSON's null in every chunk but the last
 */
@Schema(name = "Completion")
record CompletionResponse(
        @Schema(description = "The same in all chunks of a stream", example = "cmpl-5f0c2b9a6d1e4c3f")
        String id,

        @Schema(allowableValues = "text_completion") String object,

        @Schema(description = "Seconds since 1970", example = "1767225600")
        long created,

        @Schema(example = "llama-mini") String model,

        @Schema(description = "Changes with the model's bytes and the kernels") @JsonProperty("system_fingerprint")
        String systemFingerprint,

        List<Choice> choices,

        @Schema(implementation = Usage.class, nullable = true) @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        JsonNode usage) {

    static final String OBJECT = "text_completion";

    /**
     * @param index prompt × n + choice
     * @param finishReason null in chunks of a choice that goes on
     */
    @Schema(name = "CompletionChoice")
    record Choice(
            @Schema(example = ", there was a little girl") String text,

            @Schema(description = "prompt × n + choice", example = "0")
            int index,

            @Schema(nullable = true) @Nullable Logprobs logprobs,

            @Schema(
                    allowableValues = {"stop", "length"},
                    nullable = true)
            @JsonProperty("finish_reason")
            @Nullable
            String finishReason) {}

    /**
     * Parallel arrays, one entry a token; with echo the first entry of logprobs is null.
     *
     * @param textOffset characters (Unicode code points) of the text before the token
     */
    @Schema(name = "CompletionLogprobs")
    record Logprobs(
            @Schema(description = "Texts of the tokens") List<String> tokens,

            @Schema(
                    description =
                            "Natural logarithms over the whole vocabulary, before temperature; null for a prompt's first token")
            @JsonProperty("token_logprobs")
            List<@Nullable Double> tokenLogprobs,

            @Schema(description = "The most probable tokens and the token itself, by text; null when logprobs is 0")
            @JsonProperty("top_logprobs")
            @Nullable
            List<@Nullable Map<String, Double>> topLogprobs,

            @Schema(description = "Characters of the text before each token") @JsonProperty("text_offset")
            List<Integer> textOffset) {}
}

package io.shiftadd.inference.openai.completion;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.openai.request.StreamOptionsBody;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/completions} as the API's document shows it. Its components are the fields that are
 * known; {@link CompletionRequest} reads them.
 */
@Schema(name = "CompletionRequest")
record CompletionBody(
        @Schema(
                description = "Name (or id) of a registered model",
                example = "llama-mini",
                requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        @Schema(
                description = "A text, texts, token ids, or arrays of token ids. Nothing is added to ids. An empty one"
                        + " continues from the token that begins a text.",
                example = "Once upon a time",
                requiredMode = Schema.RequiredMode.REQUIRED,
                oneOf = {String.class, Texts.class, Ids.class, IdArrays.class})
        Object prompt,

        @Schema(
                description = "Tokens to generate; 0 answers, with echo, the prompt and its scores alone",
                minimum = "0",
                defaultValue = "16")
        @JsonProperty("max_tokens")
        @Nullable
        Integer maxTokens,

        @Schema(description = "Choices for each prompt", minimum = "1", maximum = "128", defaultValue = "1") @Nullable
        Integer n,

        @Schema(
                description = "Generate so many and answer the n most probable; not with stream",
                minimum = "0",
                maximum = "20")
        @JsonProperty("best_of")
        @Nullable
        Integer bestOf,

        @Schema(description = "Answer the prompt too", defaultValue = "false") @Nullable
        Boolean echo,

        @Schema(
                description = "Log-probabilities, with so many of the most probable tokens",
                minimum = "0",
                maximum = "5")
        @Nullable
        Integer logprobs,

        @Schema(
                description = "Texts that end a choice; not part of it. A text or an array of at most 64",
                example = "[\"\\n\"]",
                oneOf = {String.class, Texts.class})
        @Nullable
        Object stop,

        @Schema(description = "Tokens that end a choice; not part of its text. At most 1,024", example = "[2]")
        @JsonProperty("stop_token_ids")
        @Nullable
        List<Integer> stopTokenIds,

        @Schema(description = "Server-sent events", defaultValue = "false") @Nullable
        Boolean stream,

        @JsonProperty("stream_options") @Nullable StreamOptionsBody streamOptions,

        @Schema(
                description = "The same seed draws the same tokens, whatever else runs",
                type = "integer",
                format = "int64")
        @Nullable
        Long seed,

        @Schema(description = "0 takes the most probable token", minimum = "0", maximum = "2", defaultValue = "1")
        @Nullable
        Double temperature,

        @Schema(
                description = "Draw from the most probable tokens that reach this together",
                minimum = "0",
                maximum = "1",
                defaultValue = "1")
        @JsonProperty("top_p")
        @Nullable
        Double topP,

        @Schema(
                description = "Draw from so many of the most probable tokens; 0 or -1: all",
                minimum = "-1",
                defaultValue = "0")
        @JsonProperty("top_k")
        @Nullable
        Integer topK,

        @Schema(
                description = "Draw from tokens at least so probable, as a part of the most probable one's",
                minimum = "0",
                maximum = "1",
                defaultValue = "0")
        @JsonProperty("min_p")
        @Nullable
        Double minP,

        @Schema(
                description = "Divides positive logits of tokens seen, multiplies negative ones",
                minimum = "0.01",
                maximum = "10",
                defaultValue = "1")
        @JsonProperty("repetition_penalty")
        @Nullable
        Double repetitionPenalty,

        @Schema(
                description = "Subtracted from logits of tokens generated",
                minimum = "-2",
                maximum = "2",
                defaultValue = "0")
        @JsonProperty("presence_penalty")
        @Nullable
        Double presencePenalty,

        @Schema(
                description = "Subtracted for each time that a token was generated",
                minimum = "-2",
                maximum = "2",
                defaultValue = "0")
        @JsonProperty("frequency_penalty")
        @Nullable
        Double frequencyPenalty,

        @Schema(description = "Token id to what is added to its logit, -100 to 100", example = "{\"17\": -100}")
        @JsonProperty("logit_bias")
        @Nullable
        Map<String, Double> logitBias,

        @Schema(description = "Whom the request is for; not used") @Nullable
        String user) {

    @ArraySchema(minItems = 1, schema = @Schema(type = "string"))
    private interface Texts extends List<String> {}

    @ArraySchema(minItems = 1, schema = @Schema(type = "integer", minimum = "0"))
    private interface Ids extends List<Integer> {}

    @ArraySchema(minItems = 1, arraySchema = @Schema(description = "Arrays of token ids"))
    private interface IdArrays extends List<List<Integer>> {}
}

package io.shiftadd.inference.openai.completion;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.shiftadd.inference.openai.request.SamplingBody;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
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

        @JsonUnwrapped SamplingBody sampling) {

    @ArraySchema(minItems = 1, schema = @Schema(type = "string"))
    private interface Texts extends List<String> {}

    @ArraySchema(minItems = 1, schema = @Schema(type = "integer", minimum = "0"))
    private interface Ids extends List<Integer> {}

    @ArraySchema(minItems = 1, arraySchema = @Schema(description = "Arrays of token ids"))
    private interface IdArrays extends List<List<Integer>> {}
}

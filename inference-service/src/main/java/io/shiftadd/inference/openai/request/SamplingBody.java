package io.shiftadd.inference.openai.request;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields that bodies of completions and chat share, as the API's document shows them; each body has them among its
 * own. {@link SamplingFields} reads them.
 */
public record SamplingBody(
        @Schema(
                description = "Choices; of each prompt where there are several",
                minimum = "1",
                maximum = "128",
                defaultValue = "1")
        @Nullable
        Integer n,

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
}

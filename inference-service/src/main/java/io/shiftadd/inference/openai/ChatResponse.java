package io.shiftadd.inference.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of {@code POST /v1/chat/completions} without streaming. */
@Schema(name = "ChatCompletion")
record ChatResponse(
        @Schema(example = "chatcmpl-5f0c2b9a6d1e4c3f") String id,
        @Schema(allowableValues = "chat.completion") String object,

        @Schema(description = "Seconds since 1970", example = "1767225600")
        long created,

        @Schema(example = "llama-mini") String model,

        @Schema(description = "Changes with the model's bytes and the kernels") @JsonProperty("system_fingerprint")
        String systemFingerprint,

        List<Choice> choices,
        Usage usage) {

    static final String OBJECT = "chat.completion";

    /** One answer. */
    @Schema(name = "ChatChoice")
    record Choice(
            int index,
            Message message,
            @Schema(nullable = true) @Nullable Logprobs logprobs,

            @Schema(allowableValues = {"stop", "length"}) @JsonProperty("finish_reason")
            String finishReason) {}

    /** @param refusal always null: no model here refuses by itself */
    @Schema(name = "ChatAnswer")
    record Message(
            @Schema(allowableValues = "assistant") String role,
            String content,
            @Schema(nullable = true) @Nullable String refusal) {}

    /** Log-probabilities of the answer's tokens. */
    @Schema(name = "ChatLogprobs")
    record Logprobs(
            List<Token> content,
            @Schema(nullable = true) @Nullable List<Token> refusal) {}

    /**
     * @param token its text; where that is no whole character, {@code bytes:} and the bytes in hexadecimal
     * @param bytes of its text
     */
    @Schema(name = "ChatTokenLogprob")
    record Token(
            String token,
            double logprob,
            List<Integer> bytes,
            @JsonProperty("top_logprobs") List<Alternative> topLogprobs) {}

    /** One of the most probable tokens. */
    @Schema(name = "ChatTopLogprob")
    record Alternative(String token, double logprob, List<Integer> bytes) {}
}

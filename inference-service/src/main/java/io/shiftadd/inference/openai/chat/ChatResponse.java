package io.shiftadd.inference.openai.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.openai.answer.Usage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of {@code POST /v1/chat/completions} without streaming. */
@Schema(name = "ChatCompletion")
public record ChatResponse(
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
    static final String ROLE = "assistant";

    /** One answer. */
    @Schema(name = "ChatChoice")
    record Choice(
            @Schema(example = "0") int index,
            Message message,
            @Schema(nullable = true) @Nullable Logprobs logprobs,

            @Schema(allowableValues = {"stop", "length", "tool_calls"}) @JsonProperty("finish_reason")
            String finishReason) {}

    /**
     * @param content null when the answer is nothing but calls
     * @param refusal always null: no model here refuses by itself
     */
    @Schema(name = "ChatAnswer")
    record Message(
            @Schema(allowableValues = "assistant") String role,

            @Schema(
                    description = "Null when the answer is nothing but calls",
                    example = "Once upon a time",
                    nullable = true)
            @Nullable
            String content,

            @Schema(description = "What the model thought before; absent when nothing")
            @JsonProperty("reasoning_content")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            String reasoningContent,

            @Schema(description = "Calls that the client is to make; absent when there are none")
            @JsonProperty("tool_calls")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            List<ToolCall> toolCalls,

            @Schema(description = "Always null: no model here refuses by itself", nullable = true) @Nullable
            String refusal) {}

    /** A call. */
    @Schema(name = "ChatToolCall")
    record ToolCall(
            @Schema(description = "What the result's tool_call_id is to be", example = "call_5f0c2b9a")
            String id,

            @Schema(allowableValues = "function") String type,
            CalledFunction function) {}

    /** What is called, and with what. */
    @Schema(name = "ChatCalledFunction")
    record CalledFunction(
            @Schema(example = "get_weather") String name,

            @Schema(description = "A JSON object that meets the tool's schema", example = "{\"city\": \"Paris\"}")
            String arguments) {}

    /** Log-probabilities of the answer's tokens. */
    @Schema(name = "ChatLogprobs")
    record Logprobs(
            @Schema(description = "The answer's tokens") List<Token> content,
            @Schema(nullable = true) @Nullable List<Token> refusal) {}

    /**
     * @param token its text; where that is no whole character, {@code bytes:} and the bytes in hexadecimal
     * @param bytes of its text
     */
    @Schema(name = "ChatTokenLogprob")
    record Token(
            @Schema(
                    description = "Its text; where that is no whole character, `bytes:` and the bytes in hexadecimal",
                    example = " time")
            String token,

            @Schema(description = "Natural logarithm over the whole vocabulary, before temperature", example = "-0.25")
            double logprob,

            @Schema(description = "UTF-8 of its text") List<Integer> bytes,
            @JsonProperty("top_logprobs") List<Alternative> topLogprobs) {}

    /** One of the most probable tokens. */
    @Schema(name = "ChatTopLogprob")
    record Alternative(
            @Schema(example = " day") String token,
            @Schema(example = "-1.5") double logprob,
            @Schema(description = "UTF-8 of its text") List<Integer> bytes) {}
}

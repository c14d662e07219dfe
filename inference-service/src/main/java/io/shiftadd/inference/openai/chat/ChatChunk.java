package io.shiftadd.inference.openai.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.openai.answer.Usage;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One chunk of a streamed chat answer.
 *
 * @param usage only with include_usage: JSON's null in every chunk but the last
 */
@Schema(name = "ChatCompletionChunk")
record ChatChunk(
        @Schema(description = "The same in all chunks", example = "chatcmpl-5f0c2b9a6d1e4c3f")
        String id,

        @Schema(allowableValues = "chat.completion.chunk") String object,

        @Schema(description = "Seconds since 1970", example = "1767225600")
        long created,

        @Schema(example = "llama-mini") String model,

        @Schema(description = "Changes with the model's bytes and the kernels") @JsonProperty("system_fingerprint")
        String systemFingerprint,

        List<Choice> choices,

        @Schema(implementation = Usage.class, nullable = true) @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        JsonNode usage) {

    static final String OBJECT = "chat.completion.chunk";

    /** @param finishReason null until the choice's last chunk, whose delta is empty */
    @Schema(name = "ChatChunkChoice")
    record Choice(
            @Schema(example = "0") int index,
            Delta delta,
            @Schema(nullable = true) ChatResponse.@Nullable Logprobs logprobs,

            @Schema(
                    allowableValues = {"stop", "length", "tool_calls"},
                    nullable = true)
            @JsonProperty("finish_reason")
            @Nullable
            String finishReason) {}

    /** The first carries the role, the last nothing. */
    @Schema(name = "ChatDelta")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(
            @Schema(allowableValues = "assistant") @Nullable String role,

            @Schema(description = "More text", example = " time") @Nullable
            String content,

            @Schema(description = "More of what the model thinks", example = "The user wants")
            @JsonProperty("reasoning_content")
            @Nullable
            String reasoningContent,

            @Schema(description = "A call that begins, or more of its arguments") @JsonProperty("tool_calls") @Nullable
            List<CallDelta> toolCalls) {

        static final Delta NOTHING = new Delta(null, null, null, null);

        static Delta role(@Nullable String content) {
            return new Delta(ChatResponse.ROLE, content, null, null);
        }

        static Delta content(String text) {
            return new Delta(null, text, null, null);
        }

        static Delta reasoning(String text) {
            return new Delta(null, null, text, null);
        }

        static Delta call(CallDelta call) {
            return new Delta(null, null, null, List.of(call));
        }
    }

    /** The first of a call carries its id and name, the others its arguments, piece by piece. */
    @Schema(name = "ChatToolCallDelta")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CallDelta(
            @Schema(description = "Number of the call", example = "0")
            int index,

            @Schema(example = "call_5f0c2b9a") @Nullable String id,
            @Schema(allowableValues = "function") @Nullable String type,
            FunctionDelta function) {

        static CallDelta begun(int index, String id, String name) {
            return new CallDelta(index, id, "function", new FunctionDelta(name, ""));
        }

        static CallDelta arguments(int index, String text) {
            return new CallDelta(index, null, null, new FunctionDelta(null, text));
        }
    }

    /** Name, or arguments. */
    @Schema(name = "ChatFunctionDelta")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FunctionDelta(
            @Schema(example = "get_weather") @Nullable String name,

            @Schema(description = "More of the JSON text", example = "{\"city\":")
            String arguments) {}
}

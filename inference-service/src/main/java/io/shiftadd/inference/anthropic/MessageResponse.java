package io.shiftadd.inference.anthropic;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The answer of {@code POST /v1/messages}. */
@Schema(name = "MessagesAnswer")
record MessageResponse(
        @Schema(example = "msg_5f0c2b9a6d1e4c3f") String id,
        @Schema(allowableValues = "message") String type,
        @Schema(allowableValues = "assistant") String role,
        @Schema(example = "llama-mini") String model,
        List<Block> content,

        @Schema(
                description = "Why it ended; null while it goes on",
                allowableValues = {"end_turn", "max_tokens", "stop_sequence", "tool_use"},
                nullable = true)
        @JsonProperty("stop_reason")
        @Nullable
        String stopReason,

        @Schema(description = "The text that ended it", nullable = true) @JsonProperty("stop_sequence") @Nullable
        String stopSequence,

        MessageUsage usage) {

    /** A part of the answer; which fields it has, its type says. */
    @Schema(name = "MessagesAnswerBlock")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Block(
            @Schema(allowableValues = {"text", "thinking", "tool_use"})
            String type,

            @Schema(description = "For the type text", example = "Once upon a time") @Nullable
            String text,

            @Schema(description = "For the type thinking", example = "A story") @Nullable
            String thinking,

            @Schema(description = "Empty: thoughts are not signed") @Nullable
            String signature,

            @Schema(description = "For the type tool_use", example = "call_5f0c2b9a") @Nullable
            String id,

            @Schema(description = "For the type tool_use", example = "get_weather") @Nullable
            String name,

            @Schema(description = "For the type tool_use: an object that meets the tool's schema", type = "object")
            @Nullable
            JsonNode input) {

        static Block text(String text) {
            return new Block("text", text, null, null, null, null, null);
        }

        static Block thinking(String text) {
            return new Block("thinking", null, text, "", null, null, null);
        }

        static Block toolUse(String id, String name, JsonNode input) {
            return new Block("tool_use", null, null, null, id, name, input);
        }
    }

    /** Tokens that the request took. */
    @Schema(name = "MessagesUsage")
    record MessageUsage(
            @Schema(description = "Of the prompt, those computed now", example = "12") @JsonProperty("input_tokens")
            int inputTokens,

            @Schema(description = "Always 0: whatever was computed is kept, and at no price", example = "0")
            @JsonProperty("cache_creation_input_tokens")
            int cacheCreationInputTokens,

            @Schema(description = "Of the prompt, those computed before", example = "0")
            @JsonProperty("cache_read_input_tokens")
            int cacheReadInputTokens,

            @Schema(description = "Of the answer, thoughts included", example = "40") @JsonProperty("output_tokens")
            int outputTokens) {

        static MessageUsage of(int prompt, int cached, int generated) {
            return new MessageUsage(prompt - cached, 0, cached, generated);
        }
    }

    /** The answer of {@code POST /v1/messages/count_tokens}. */
    @Schema(name = "MessagesTokenCount")
    record TokenCount(
            @Schema(description = "Of the prompt, as the model's template writes it", example = "12")
            @JsonProperty("input_tokens")
            int inputTokens) {}
}

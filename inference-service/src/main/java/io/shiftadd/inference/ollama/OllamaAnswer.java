package io.shiftadd.inference.ollama;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An answer of {@code POST /api/chat} or {@code /api/generate}, or a line of one that is streamed; the last line has
 * what it
 * took.
 */
@Schema(name = "OllamaAnswer")
@JsonInclude(JsonInclude.Include.NON_NULL)
record OllamaAnswer(
        @Schema(example = "llama-mini") String model,

        @Schema(example = "2026-01-01T00:00:00Z") @JsonProperty("created_at")
        String createdAt,

        @Schema(description = "Of /api/chat") @Nullable Message message,

        @Schema(description = "Of /api/generate", example = "Once upon a time") @Nullable
        String response,

        @Schema(description = "Of /api/generate: what the model thought") @Nullable
        String thinking,

        @Schema(description = "Whether the answer is complete")
        boolean done,

        @Schema(
                description = "Why it ended",
                allowableValues = {"stop", "length", "load"})
        @JsonProperty("done_reason")
        @Nullable
        String doneReason,

        @Schema(description = "Nanoseconds", example = "120000000") @JsonProperty("total_duration") @Nullable
        Long totalDuration,

        @Schema(description = "Nanoseconds until the model was there", example = "0")
        @JsonProperty("load_duration")
        @Nullable
        Long loadDuration,

        @Schema(description = "Tokens of the prompt", example = "12") @JsonProperty("prompt_eval_count") @Nullable
        Integer promptEvalCount,

        @Schema(description = "Nanoseconds until the first token", example = "20000000")
        @JsonProperty("prompt_eval_duration")
        @Nullable
        Long promptEvalDuration,

        @Schema(description = "Tokens of the answer", example = "40") @JsonProperty("eval_count") @Nullable
        Integer evalCount,

        @Schema(description = "Nanoseconds from then on", example = "100000000")
        @JsonProperty("eval_duration")
        @Nullable
        Long evalDuration) {

    /** What the assistant says. */
    @Schema(name = "OllamaAnswerMessage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Message(
            @Schema(allowableValues = "assistant") String role,
            @Schema(example = "Once upon a time") String content,

            @Schema(description = "What the model thought") @Nullable
            String thinking,

            @Schema(description = "Calls that the client is to make") @JsonProperty("tool_calls") @Nullable
            List<Call> toolCalls) {}

    /** A call. */
    @Schema(name = "OllamaAnswerCall")
    record Call(@Schema(example = "call_5f0c2b9a") String id, Called function) {}

    /** What is called, and with what. */
    @Schema(name = "OllamaAnswerFunction")
    record Called(
            @Schema(description = "Number of the call", example = "0")
            int index,

            @Schema(example = "get_weather") String name,

            @Schema(description = "An object that meets the tool's schema", type = "object")
            JsonNode arguments) {}
}

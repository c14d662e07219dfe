package io.shiftadd.inference.openai.responses;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The answer of {@code POST /v1/responses}. */
@Schema(name = "Response")
record ResponseObject(
        @Schema(example = "resp_5f0c2b9a6d1e4c3f") String id,
        @Schema(allowableValues = "response") String object,

        @Schema(description = "Seconds since 1970", example = "1767225600") @JsonProperty("created_at")
        long createdAt,

        @Schema(allowableValues = {"in_progress", "completed", "incomplete", "failed"})
        String status,

        @Schema(description = "What went wrong, with a code and a message", type = "object", nullable = true) @Nullable
        JsonNode error,

        @Schema(description = "Why it is not complete", nullable = true) @JsonProperty("incomplete_details") @Nullable
        Incomplete incompleteDetails,

        @Schema(example = "llama-mini") String model,

        @Schema(description = "Thoughts, a message, calls; in the order they came")
        List<Item> output,

        @Schema(description = "Null until it is complete", nullable = true) @Nullable
        ResponseUsage usage,

        @Schema(description = "As it was asked", nullable = true) @Nullable
        String instructions,

        @Schema(description = "As it was asked", nullable = true) @JsonProperty("max_output_tokens") @Nullable
        Integer maxOutputTokens,

        @Schema(description = "As it was asked", type = "object")
        JsonNode metadata,

        @Schema(description = "As it was asked", example = "true") @JsonProperty("parallel_tool_calls")
        boolean parallelToolCalls,

        @Schema(description = "As it was asked", nullable = true) @JsonProperty("previous_response_id") @Nullable
        String previousResponseId,

        @Schema(description = "As it was asked", type = "object")
        JsonNode reasoning,

        @Schema(description = "Whether it is kept, to go on from", example = "false")
        boolean store,

        @Schema(description = "As it was asked", example = "1")
        double temperature,

        @Schema(description = "As it was asked", type = "object")
        JsonNode text,

        @Schema(description = "As it was asked: a word or an object", example = "auto") @JsonProperty("tool_choice")
        Object toolChoice,

        @Schema(description = "As they were asked", type = "array")
        JsonNode tools,

        @Schema(description = "As it was asked", example = "1") @JsonProperty("top_p")
        double topP,

        @Schema(allowableValues = "disabled") String truncation) {

    /** Why a response is not complete. */
    @Schema(name = "ResponseIncomplete")
    record Incomplete(
            @Schema(allowableValues = "max_output_tokens") String reason) {}

    /** An item; which fields it has, its type says. */
    @Schema(name = "ResponseItem")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            @Schema(example = "msg_5f0c2b9a6d1e4c3f") String id,

            @Schema(allowableValues = {"reasoning", "message", "function_call"})
            String type,

            @Schema(allowableValues = {"in_progress", "completed", "incomplete"})
            String status,

            @Schema(allowableValues = "assistant") @Nullable String role,

            @Schema(description = "For messages and thoughts") @Nullable
            List<Part> content,

            @Schema(description = "For thoughts; always empty", type = "array") @Nullable
            List<String> summary,

            @Schema(description = "What its output's call_id is to be, for calls", example = "call_5f0c2b9a")
            @JsonProperty("call_id")
            @Nullable
            String callId,

            @Schema(description = "For calls", example = "get_weather") @Nullable
            String name,

            @Schema(
                    description = "For calls: a JSON object that meets the tool's schema",
                    example = "{\"city\": \"Paris\"}")
            @Nullable
            String arguments) {}

    /** A text. */
    @Schema(name = "ResponsePart")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Part(
            @Schema(allowableValues = {"output_text", "reasoning_text"})
            String type,

            @Schema(example = "Once upon a time") String text,

            @Schema(description = "Always empty", type = "array") @Nullable
            List<String> annotations,

            @Schema(description = "Always empty", type = "array") @Nullable
            List<String> logprobs) {

        static Part text(String text) {
            return new Part("output_text", text, List.of(), List.of());
        }

        static Part thought(String text) {
            return new Part("reasoning_text", text, null, null);
        }
    }

    /** Tokens that it took. */
    @Schema(name = "ResponseUsage")
    record ResponseUsage(
            @Schema(example = "12") @JsonProperty("input_tokens")
            int inputTokens,

            @JsonProperty("input_tokens_details") InputDetails inputTokensDetails,

            @Schema(example = "40") @JsonProperty("output_tokens")
            int outputTokens,

            @JsonProperty("output_tokens_details") OutputDetails outputTokensDetails,

            @Schema(example = "52") @JsonProperty("total_tokens")
            int totalTokens) {

        /** Of the prompt. */
        @Schema(name = "ResponseInputTokens")
        record InputDetails(
                @Schema(description = "Those computed before", example = "0") @JsonProperty("cached_tokens")
                int cachedTokens) {}

        /** Of the answer. */
        @Schema(name = "ResponseOutputTokens")
        record OutputDetails(
                @Schema(description = "Those that were thought", example = "0") @JsonProperty("reasoning_tokens")
                int reasoningTokens) {}

        static ResponseUsage of(int prompt, int cached, int generated, int reasoning) {
            return new ResponseUsage(
                    prompt, new InputDetails(cached), generated, new OutputDetails(reasoning), prompt + generated);
        }
    }
}

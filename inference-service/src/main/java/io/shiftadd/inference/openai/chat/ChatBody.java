package io.shiftadd.inference.openai.chat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.shiftadd.inference.openai.request.SamplingBody;
import io.shiftadd.inference.openai.structure.ResponseFormatBody;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/chat/completions} as the API's document shows it. Its components are the fields that are
 * known; {@link ChatRequest} reads them.
 */
@Schema(name = "ChatCompletionRequest")
record ChatBody(
        @Schema(
                description = "Name (or id) of a registered model",
                example = "llama-mini",
                requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        @ArraySchema(
                minItems = 1,
                schema = @Schema(implementation = Message.class),
                arraySchema =
                        @Schema(
                                description = "The conversation, the oldest message first",
                                requiredMode = Schema.RequiredMode.REQUIRED))
        List<Message> messages,

        @Schema(description = "Tokens to generate; what the context has room for when absent", minimum = "0")
        @JsonProperty("max_completion_tokens")
        @Nullable
        Integer maxCompletionTokens,

        @Schema(description = "Older name of max_completion_tokens", minimum = "0")
        @JsonProperty("max_tokens")
        @Nullable
        Integer maxTokens,

        @Schema(description = "Whether to answer log-probabilities", defaultValue = "false") @Nullable
        Boolean logprobs,

        @Schema(
                description = "So many of the most probable tokens with each log-probability; needs logprobs",
                minimum = "0",
                maximum = "20")
        @JsonProperty("top_logprobs")
        @Nullable
        Integer topLogprobs,

        @JsonProperty("response_format") @Nullable ResponseFormatBody responseFormat,

        @Schema(description = "Functions that the model may ask to call; at most 512") @Nullable
        List<ToolBody> tools,

        @Schema(
                description = "Whether tools are called: none, auto, required, or an object that names one or some",
                oneOf = {String.class, ToolBody.Choice.class},
                defaultValue = "auto")
        @JsonProperty("tool_choice")
        @Nullable
        Object toolChoice,

        @Schema(description = "Whether an answer may have several calls", defaultValue = "true")
        @JsonProperty("parallel_tool_calls")
        @Nullable
        Boolean parallelToolCalls,

        @Schema(
                description = "What the model's chat template is given beside the messages, as it knows it",
                example = "{\"enable_thinking\": false}")
        @JsonProperty("chat_template_kwargs")
        @Nullable
        Map<String, Object> chatTemplateKwargs,

        @Schema(
                description = "Whether the model is to think before it answers; handed to its chat template",
                example = "false")
        @JsonProperty("enable_thinking")
        @Nullable
        Boolean enableThinking,

        @Schema(description = "Tokens that a thought may have; it is ended then", minimum = "0", example = "512")
        @JsonProperty("thinking_budget")
        @Nullable
        Integer thinkingBudget,

        @Schema(
                description = "Handed to the model's chat template, which may know it; none asks for no thought",
                example = "low")
        @JsonProperty("reasoning_effort")
        @Nullable
        String reasoningEffort,

        @JsonUnwrapped SamplingBody sampling) {

    /** One message of the conversation. */
    @Schema(name = "ChatMessage")
    record Message(
            @Schema(
                    description = "developer means system",
                    allowableValues = {"system", "developer", "user", "assistant", "tool"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String role,

            @Schema(
                    description = "A text, or parts of which each is a text; empty when absent",
                    example = "Tell me a story.",
                    oneOf = {String.class, Parts.class})
            @Nullable
            Object content,

            @Schema(description = "Who speaks; handed to the model's template") @Nullable
            String name,

            @Schema(description = "What an assistant thought before; handed to the model's template")
            @JsonProperty("reasoning_content")
            @Nullable
            String reasoningContent,

            @Schema(description = "Calls that an assistant asked for") @JsonProperty("tool_calls") @Nullable
            List<ToolBody.Call> toolCalls,

            @Schema(description = "The call whose result this is, for the role tool", example = "call_5f0c2b9a")
            @JsonProperty("tool_call_id")
            @Nullable
            String toolCallId,

            @Schema(description = "Why an assistant did not answer; stands for a content that is absent") @Nullable
            String refusal) {}

    /** A part of a message. */
    @Schema(name = "ChatTextPart")
    record Part(
            @Schema(
                    allowableValues = {"text", "input_text", "output_text", "refusal"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(description = "For all types but refusal", example = "Tell me a story.") @Nullable
            String text,

            @Schema(description = "For the type refusal", example = "I cannot tell that.") @Nullable
            String refusal) {}

    @ArraySchema(schema = @Schema(implementation = Part.class))
    private interface Parts extends List<Part> {}
}

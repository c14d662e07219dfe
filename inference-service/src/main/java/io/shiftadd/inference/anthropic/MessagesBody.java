package io.shiftadd.inference.anthropic;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/messages} as the API's document shows it. Its components are the fields that are known;
 * {@link MessagesRequest} reads them.
 */
@Schema(name = "MessagesRequest")
record MessagesBody(
        @Schema(
                description = "Name (or id) of a registered model",
                example = "llama-mini",
                requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        @Schema(description = "Tokens to generate; needed, but to count tokens", minimum = "1", example = "256")
        @JsonProperty("max_tokens")
        @Nullable
        Integer maxTokens,

        @ArraySchema(
                minItems = 1,
                schema = @Schema(implementation = Message.class),
                arraySchema =
                        @Schema(
                                description = "The conversation, the oldest message first",
                                requiredMode = Schema.RequiredMode.REQUIRED))
        List<Message> messages,

        @Schema(
                description = "What the system says: a text, or blocks of text",
                example = "Be brief.",
                oneOf = {String.class, Blocks.class})
        @Nullable
        Object system,

        @Schema(description = "Texts that end the answer; not part of it. At most 64")
        @JsonProperty("stop_sequences")
        @Nullable
        List<String> stopSequences,

        @Schema(description = "Server-sent events", defaultValue = "false") @Nullable
        Boolean stream,

        @Schema(description = "0 takes the most probable token", minimum = "0", maximum = "2", defaultValue = "1")
        @Nullable
        Double temperature,

        @Schema(
                description = "Draw from the most probable tokens that reach this together",
                minimum = "0",
                maximum = "1")
        @JsonProperty("top_p")
        @Nullable
        Double topP,

        @Schema(description = "Draw from so many of the most probable tokens; 0: all", minimum = "0")
        @JsonProperty("top_k")
        @Nullable
        Integer topK,

        @Schema(description = "Functions that the model may ask to call; at most 512") @Nullable
        List<ToolBody> tools,

        @JsonProperty("tool_choice") @Nullable ChoiceBody toolChoice,
        @Nullable ThinkingBody thinking) {

    /** One message of the conversation. */
    @Schema(name = "MessagesMessage")
    record Message(
            @Schema(
                    allowableValues = {"user", "assistant", "system"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String role,

            @Schema(
                    description = "A text, or blocks",
                    example = "Tell me a story.",
                    oneOf = {String.class, Blocks.class},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            Object content) {}

    /** A part of a message; which fields it has, its type says. */
    @Schema(name = "MessagesBlock")
    record Block(
            @Schema(
                    allowableValues = {"text", "tool_use", "tool_result", "thinking", "redacted_thinking"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(description = "For the type text", example = "Tell me a story.") @Nullable
            String text,

            @Schema(description = "The call's id, for the type tool_use", example = "call_5f0c2b9a") @Nullable
            String id,

            @Schema(description = "The tool's name, for the type tool_use", example = "get_weather") @Nullable
            String name,

            @Schema(description = "The call's arguments, for the type tool_use", type = "object") @Nullable
            Object input,

            @Schema(description = "The call whose result this is, for the type tool_result", example = "call_5f0c2b9a")
            @JsonProperty("tool_use_id")
            @Nullable
            String toolUseId,

            @Schema(
                    description = "A text, or blocks of text, for the type tool_result",
                    oneOf = {String.class, Texts.class})
            @Nullable
            Object content,

            @Schema(description = "Whether the tool failed; told to the model", defaultValue = "false")
            @JsonProperty("is_error")
            @Nullable
            Boolean isError,

            @Schema(description = "For the type thinking; handed to the model's template") @Nullable
            String thinking,

            @Schema(description = "Not looked at") @Nullable String signature,

            @Schema(description = "Not looked at: whatever was computed before is used again", type = "object")
            @JsonProperty("cache_control")
            @Nullable
            Object cacheControl) {}

    /** A part of what a tool gave. */
    @Schema(name = "MessagesTextBlock")
    record TextBlock(
            @Schema(allowableValues = "text", requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(example = "rain", requiredMode = Schema.RequiredMode.REQUIRED)
            String text) {}

    /** A tool that the model may call. */
    @Schema(name = "MessagesTool")
    record ToolBody(
            @Schema(allowableValues = "custom", defaultValue = "custom") @Nullable
            String type,

            @Schema(
                    description = "1 to 128 letters, digits, _, -, . and :",
                    example = "get_weather",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String name,

            @Schema(description = "What it does, for the model") @Nullable
            String description,

            @Schema(description = "JSON Schema of the arguments, an object. Arguments always meet it", type = "object")
            @JsonProperty("input_schema")
            @Nullable
            Object inputSchema,

            @Schema(description = "The schema is always kept to", defaultValue = "true") @Nullable
            Boolean strict,

            @Schema(description = "Not looked at", type = "object") @JsonProperty("cache_control") @Nullable
            Object cacheControl) {}

    /** Whether tools are called. */
    @Schema(name = "MessagesToolChoice")
    record ChoiceBody(
            @Schema(
                    allowableValues = {"auto", "any", "tool", "none"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(description = "The tool to call, for the type tool", example = "get_weather") @Nullable
            String name,

            @Schema(description = "Whether an answer has one call at most", defaultValue = "false")
            @JsonProperty("disable_parallel_tool_use")
            @Nullable
            Boolean disableParallelToolUse) {}

    /** Whether the model is to think before it answers. */
    @Schema(name = "MessagesThinking")
    record ThinkingBody(
            @Schema(
                    allowableValues = {"enabled", "disabled", "adaptive"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(description = "Tokens that a thought may have", minimum = "0", example = "1024")
            @JsonProperty("budget_tokens")
            @Nullable
            Integer budgetTokens) {}

    @ArraySchema(schema = @Schema(implementation = Block.class))
    private interface Blocks extends List<Block> {}

    @ArraySchema(schema = @Schema(implementation = TextBlock.class))
    private interface Texts extends List<TextBlock> {}
}

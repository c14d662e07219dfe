package io.shiftadd.inference.openai.responses;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/responses} as the API's document shows it. Its components are the fields that are known;
 * {@link ResponsesRequest} reads them.
 */
@Schema(name = "ResponsesRequest")
record ResponsesBody(
        @Schema(
                description = "Name (or id) of a registered model",
                example = "llama-mini",
                requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        @Schema(
                description = "What is to be answered: a text, or items, the oldest first",
                example = "Tell me a story.",
                oneOf = {String.class, Items.class},
                requiredMode = Schema.RequiredMode.REQUIRED)
        Object input,

        @Schema(description = "What the system says", example = "Be brief.") @Nullable
        String instructions,

        @Schema(description = "Tokens to generate; what the context has room for when absent", minimum = "0")
        @JsonProperty("max_output_tokens")
        @Nullable
        Integer maxOutputTokens,

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

        @Schema(description = "Functions that the model may ask to call; at most 512") @Nullable
        List<ToolBody> tools,

        @Schema(
                description = "Whether tools are called: none, auto, required, or an object that names one or some",
                oneOf = {String.class, ChoiceBody.class},
                defaultValue = "auto")
        @JsonProperty("tool_choice")
        @Nullable
        Object toolChoice,

        @Schema(description = "Whether an answer may have several calls", defaultValue = "true")
        @JsonProperty("parallel_tool_calls")
        @Nullable
        Boolean parallelToolCalls,

        @Schema(description = "What the text must be") @Nullable
        TextBody text,

        @Schema(description = "How the model is to think") @Nullable
        ReasoningBody reasoning,

        @Schema(description = "Server-sent events", defaultValue = "false") @Nullable
        Boolean stream,

        @Schema(
                description =
                        "Whether to keep the response; where the server keeps none, and for one that is too large, taken"
                                + " as false, which the response tells",
                defaultValue = "true")
        @Nullable
        Boolean store,

        @Schema(description = "Told back in the response") @Nullable
        Map<String, String> metadata,

        @Schema(
                description = "Go on from a response that is kept: its items and what it answers come before the input."
                        + " Its instructions do not",
                example = "resp_5f0c2b9a6d1e4c3f")
        @JsonProperty("previous_response_id")
        @Nullable
        String previousResponseId) {

    /** An item; which fields it has, its type says. */
    @Schema(name = "ResponsesInputItem")
    record Item(
            @Schema(
                    allowableValues = {"message", "function_call", "function_call_output", "reasoning"},
                    defaultValue = "message")
            @Nullable
            String type,

            @Schema(
                    description = "For messages; developer means system",
                    allowableValues = {"system", "developer", "user", "assistant"})
            @Nullable
            String role,

            @Schema(
                    description = "For messages: a text, or parts; for reasoning: parts",
                    example = "Tell me a story.",
                    oneOf = {String.class, Parts.class})
            @Nullable
            Object content,

            @Schema(description = "Of an item that was answered; not looked at") @Nullable
            String id,

            @Schema(description = "Not looked at") @Nullable String status,

            @Schema(description = "The call, for calls and what they gave", example = "call_5f0c2b9a")
            @JsonProperty("call_id")
            @Nullable
            String callId,

            @Schema(description = "The tool, for calls", example = "get_weather") @Nullable
            String name,

            @Schema(description = "A JSON object as a text, for calls", example = "{\"city\": \"Paris\"}") @Nullable
            String arguments,

            @Schema(
                    description = "What a call gave: a text, or parts",
                    oneOf = {String.class, Parts.class})
            @Nullable
            Object output,

            @Schema(description = "For reasoning; not looked at", type = "array") @Nullable
            Object summary) {}

    /** A part of an item. */
    @Schema(name = "ResponsesPart")
    record Part(
            @Schema(
                    allowableValues = {"input_text", "output_text", "text", "refusal", "reasoning_text"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(description = "For all types but refusal", example = "Tell me a story.") @Nullable
            String text,

            @Schema(description = "For the type refusal") @Nullable
            String refusal) {}

    /** A tool that the model may call. */
    @Schema(name = "ResponsesTool")
    record ToolBody(
            @Schema(allowableValues = "function", requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(
                    description = "1 to 128 letters, digits, _, -, . and :",
                    example = "get_weather",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String name,

            @Schema(description = "What it does, for the model") @Nullable
            String description,

            @Schema(description = "JSON Schema of the arguments, an object. Arguments always meet it", type = "object")
            @Nullable
            Object parameters,

            @Schema(description = "The schema is always kept to", defaultValue = "true") @Nullable
            Boolean strict) {}

    /** A choice that is no word. */
    @Schema(name = "ResponsesToolChoice")
    record ChoiceBody(
            @Schema(
                    allowableValues = {"function", "allowed_tools"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(description = "For the type function", example = "get_weather") @Nullable
            String name,

            @Schema(
                    description = "For the type allowed_tools",
                    allowableValues = {"auto", "required"})
            @Nullable
            String mode,

            @Schema(description = "For the type allowed_tools") @Nullable
            List<NamedBody> tools) {}

    /** A tool by its name. */
    @Schema(name = "ResponsesToolName")
    record NamedBody(
            @Schema(allowableValues = "function", requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(example = "get_weather", requiredMode = Schema.RequiredMode.REQUIRED)
            String name) {}

    /** What the text must be. */
    @Schema(name = "ResponsesText")
    record TextBody(@Nullable FormatBody format) {}

    /** The form of the text. */
    @Schema(name = "ResponsesTextFormat")
    record FormatBody(
            @Schema(
                    allowableValues = {"text", "json_object", "json_schema"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(description = "Letters, digits, _ and -, at most 64; for json_schema") @Nullable
            String name,

            @Schema(description = "What the answer is for; not used") @Nullable
            String description,

            @Schema(
                    description = "JSON Schema, draft 2020-12. A keyword that cannot be honoured is refused.",
                    type = "object")
            @Nullable
            Object schema,

            @Schema(description = "The schema is always kept to", defaultValue = "true") @Nullable
            Boolean strict) {}

    /** How the model is to think. */
    @Schema(name = "ResponsesReasoning")
    record ReasoningBody(
            @Schema(description = "Handed to the model's chat template; none asks for no thought", example = "low")
            @Nullable
            String effort,

            @Schema(description = "Thoughts are told as they are, never summed up; not used") @Nullable
            String summary) {}

    @ArraySchema(schema = @Schema(implementation = Item.class))
    private interface Items extends List<Item> {}

    @ArraySchema(schema = @Schema(implementation = Part.class))
    private interface Parts extends List<Part> {}
}

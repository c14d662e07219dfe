package io.shiftadd.inference.openai.chat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tool that the model may call. */
@Schema(name = "ChatTool")
record ToolBody(
        @Schema(allowableValues = "function", requiredMode = Schema.RequiredMode.REQUIRED)
        String type,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) Function function) {

    /** What is called. */
    @Schema(name = "ChatToolFunction")
    record Function(
            @Schema(
                    description = "1 to 128 letters, digits, _, -, . and :",
                    example = "get_weather",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String name,

            @Schema(description = "What it does, for the model", example = "The weather of a city") @Nullable
            String description,

            @Schema(
                    description = "JSON Schema of the arguments, an object; none when absent. Arguments always meet it",
                    type = "object")
            @Nullable
            Object parameters,

            @Schema(description = "The schema is always kept to", defaultValue = "true") @Nullable
            Boolean strict) {}

    /** A tool by its name: an element of a choice. */
    @Schema(name = "ChatToolName")
    record Named(
            @Schema(allowableValues = "function", requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            Name function) {}

    /** A function's name. */
    @Schema(name = "ChatFunctionName")
    record Name(
            @Schema(example = "get_weather", requiredMode = Schema.RequiredMode.REQUIRED)
            String name) {}

    /** A choice that is no word. */
    @Schema(name = "ChatToolChoice")
    record Choice(
            @Schema(
                    allowableValues = {"function", "allowed_tools"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(description = "The function to call, for the type function") @Nullable
            Name function,

            @Schema(description = "Some of the tools, for the type allowed_tools")
            @JsonProperty("allowed_tools")
            @Nullable
            Allowed allowed) {}

    /** Some of the tools. */
    @Schema(name = "ChatAllowedTools")
    record Allowed(
            @Schema(
                    allowableValues = {"auto", "required"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String mode,

            @Schema(description = "Those that may be called", requiredMode = Schema.RequiredMode.REQUIRED)
            List<Named> tools) {}

    /** A call in an assistant's message. */
    @Schema(name = "ChatToolCallBody")
    record Call(
            @Schema(
                    description = "What its result names",
                    example = "call_5f0c2b9a",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String id,

            @Schema(allowableValues = "function", requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            CalledFunction function) {}

    /** What was called, and with what. */
    @Schema(name = "ChatCalledFunctionBody")
    record CalledFunction(
            @Schema(example = "get_weather", requiredMode = Schema.RequiredMode.REQUIRED)
            String name,

            @Schema(
                    description = "A JSON object as a text",
                    example = "{\"city\": \"Paris\"}",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String arguments) {}
}

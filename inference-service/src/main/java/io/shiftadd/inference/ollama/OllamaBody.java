package io.shiftadd.inference.ollama;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bodies of Ollama's requests as the API's document shows them. Their components are the fields that are known. */
final class OllamaBody {

    private OllamaBody() {}

    /** {@code POST /api/chat}. */
    @Schema(name = "OllamaChatRequest")
    record ChatBody(
            @Schema(
                    description = "Name of a registered model; :latest is left off",
                    example = "llama-mini",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String model,

            @Schema(description = "The conversation, the oldest message first; none loads the model") @Nullable
            List<MessageBody> messages,

            @Schema(description = "Functions that the model may ask to call") @Nullable
            List<ToolBody> tools,

            @Schema(description = "What the answer is to be: json, or a JSON schema", example = "json") @Nullable
            Object format,

            @Schema(description = "How tokens are chosen") @Nullable
            OptionsBody options,

            @Schema(description = "A line for each piece", defaultValue = "true") @Nullable
            Boolean stream,

            @Schema(description = "Whether the model is to think before it answers", example = "false") @Nullable
            Object think,

            @Schema(
                    description = "0 unloads the model after the answer, or at once where there is no prompt, if nobody"
                            + " else uses it; with other times it stays while there is room",
                    example = "5m")
            @JsonProperty("keep_alive")
            @Nullable
            Object keepAlive) {}

    /** {@code POST /api/generate}. */
    @Schema(name = "OllamaGenerateRequest")
    record GenerateBody(
            @Schema(
                    description = "Name of a registered model; :latest is left off",
                    example = "llama-mini",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String model,

            @Schema(description = "What the user says; none loads the model", example = "Tell me a story.") @Nullable
            String prompt,

            @Schema(description = "What the system says") @Nullable
            String system,

            @Schema(
                    description = "What is to follow the answer, for models that fill in what stands between two texts;"
                            + " no template writes the prompt then",
                    example = "    return result")
            @Nullable
            String suffix,

            @Schema(description = "The prompt is continued as it is, written by no template", defaultValue = "false")
            @Nullable
            Boolean raw,

            @Schema(description = "What the answer is to be: json, or a JSON schema", example = "json") @Nullable
            Object format,

            @Schema(description = "How tokens are chosen") @Nullable
            OptionsBody options,

            @Schema(description = "A line for each piece", defaultValue = "true") @Nullable
            Boolean stream,

            @Schema(description = "Whether the model is to think before it answers", example = "false") @Nullable
            Object think,

            @Schema(
                    description = "0 unloads the model after the answer, or at once where there is no prompt, if nobody"
                            + " else uses it; with other times it stays while there is room",
                    example = "5m")
            @JsonProperty("keep_alive")
            @Nullable
            Object keepAlive) {}

    /** {@code POST /api/show}. */
    @Schema(name = "OllamaShowRequest")
    record ShowBody(
            @Schema(description = "Name of a registered model", example = "llama-mini") @Nullable
            String model,

            @Schema(description = "Older name of model", example = "llama-mini") @Nullable
            String name,

            @Schema(description = "Not looked at") @Nullable Boolean verbose) {}

    /** A message. */
    @Schema(name = "OllamaMessage")
    record MessageBody(
            @Schema(
                    allowableValues = {"system", "user", "assistant", "tool"},
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String role,

            @Schema(example = "Tell me a story.") @Nullable String content,

            @Schema(description = "What an assistant thought before") @Nullable
            String thinking,

            @Schema(description = "Calls that an assistant asked for") @JsonProperty("tool_calls") @Nullable
            List<CallBody> toolCalls,

            @Schema(description = "The tool whose result this is, for the role tool", example = "get_weather")
            @JsonProperty("tool_name")
            @Nullable
            String toolName,

            @Schema(description = "The call whose result this is, for the role tool")
            @JsonProperty("tool_call_id")
            @Nullable
            String toolCallId) {}

    /** A call. */
    @Schema(name = "OllamaToolCall")
    record CallBody(
            @Schema(example = "call_5f0c2b9a") @Nullable String id,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            CalledBody function) {}

    /** What is called, and with what. */
    @Schema(name = "OllamaCalledFunction")
    record CalledBody(
            @Schema(description = "Number of the call", example = "0") @Nullable
            Integer index,

            @Schema(example = "get_weather", requiredMode = Schema.RequiredMode.REQUIRED)
            String name,

            @Schema(description = "An object that meets the tool's schema", type = "object") @Nullable
            Object arguments) {}

    /** A tool. */
    @Schema(name = "OllamaTool")
    record ToolBody(
            @Schema(allowableValues = "function", requiredMode = Schema.RequiredMode.REQUIRED)
            String type,

            @Schema(requiredMode = Schema.RequiredMode.REQUIRED)
            FunctionBody function) {}

    /** A function. */
    @Schema(name = "OllamaToolFunction")
    record FunctionBody(
            @Schema(example = "get_weather", requiredMode = Schema.RequiredMode.REQUIRED)
            String name,

            @Schema(description = "What it does, for the model") @Nullable
            String description,

            @Schema(description = "JSON Schema of the arguments, an object", type = "object") @Nullable
            Object parameters) {}

    /** How tokens are chosen. */
    @Schema(name = "OllamaOptions")
    record OptionsBody(
            @Schema(description = "0 takes the most probable token", minimum = "0", maximum = "2", defaultValue = "0.8")
            @Nullable
            Double temperature,

            @Schema(
                    description = "Draw from the most probable tokens that reach this together",
                    minimum = "0",
                    maximum = "1",
                    defaultValue = "0.9")
            @JsonProperty("top_p")
            @Nullable
            Double topP,

            @Schema(
                    description = "Draw from so many of the most probable tokens; 0: all",
                    minimum = "0",
                    defaultValue = "40")
            @JsonProperty("top_k")
            @Nullable
            Integer topK,

            @Schema(
                    description = "Draw from tokens at least so probable, as a part of the most probable one's",
                    minimum = "0",
                    maximum = "1",
                    defaultValue = "0")
            @JsonProperty("min_p")
            @Nullable
            Double minP,

            @Schema(description = "The same seed draws the same tokens", type = "integer", format = "int64") @Nullable
            Long seed,

            @Schema(
                    description = "Tokens to generate; what the context has room for when absent or negative",
                    example = "128")
            @JsonProperty("num_predict")
            @Nullable
            Integer numPredict,

            @Schema(description = "Not used: the context is the model's") @JsonProperty("num_ctx") @Nullable
            Integer numCtx,

            @ArraySchema(
                    schema = @Schema(type = "string"),
                    arraySchema = @Schema(description = "Texts that end the answer"))
            @Nullable
            List<String> stop,

            @Schema(
                    description = "Divides positive logits of tokens seen, multiplies negative ones",
                    minimum = "0.01",
                    maximum = "10",
                    defaultValue = "1")
            @JsonProperty("repeat_penalty")
            @Nullable
            Double repeatPenalty,

            @Schema(
                    description = "Subtracted from logits of tokens generated",
                    minimum = "-2",
                    maximum = "2",
                    defaultValue = "0")
            @JsonProperty("presence_penalty")
            @Nullable
            Double presencePenalty,

            @Schema(
                    description = "Subtracted for each time that a token was generated",
                    minimum = "-2",
                    maximum = "2",
                    defaultValue = "0")
            @JsonProperty("frequency_penalty")
            @Nullable
            Double frequencyPenalty) {}
}

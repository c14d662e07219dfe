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
                    allowableValues = {"stop", "length"},
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
            String content) {}
}

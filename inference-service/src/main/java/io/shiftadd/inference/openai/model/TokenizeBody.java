package io.shiftadd.inference.openai.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /tokenize}. */
@Schema(name = "TokenizeRequest")
record TokenizeBody(
        @Schema(example = "llama-mini", requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        @Schema(description = "The text", example = "Once upon a time", requiredMode = Schema.RequiredMode.REQUIRED)
        String prompt,

        @Schema(description = "Whether to add the special tokens that a prompt gets", defaultValue = "true")
        @JsonProperty("add_special_tokens")
        @Nullable
        Boolean addSpecialTokens,

        @Schema(description = "Whether to answer the tokens' spelling too", defaultValue = "false")
        @JsonProperty("return_token_strs")
        @Nullable
        Boolean returnTokenStrs) {}

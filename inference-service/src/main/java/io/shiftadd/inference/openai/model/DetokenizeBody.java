package io.shiftadd.inference.openai.model;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The body of {@code POST /detokenize}. */
@Schema(name = "DetokenizeRequest")
record DetokenizeBody(
        @Schema(example = "llama-mini", requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        @Schema(description = "Token ids", example = "[1, 676, 1416]", requiredMode = Schema.RequiredMode.REQUIRED)
        List<Integer> tokens) {}

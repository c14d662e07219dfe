package io.shiftadd.registry.access;

import io.swagger.v3.oas.annotations.media.Schema;

/** A key that has just been made. */
@Schema(description = "A new API key; its secret is shown this once and stored nowhere")
record NewApiKey(
        @Schema(description = "The secret, for the header Authorization: Bearer", example = "sk-shiftadd-Zk3vQ1…")
        String key,

        ApiKeyView apiKey) {}

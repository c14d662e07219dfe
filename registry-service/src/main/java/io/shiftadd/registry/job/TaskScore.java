package io.shiftadd.registry.job;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One number that says how well a model did a task. */
@Schema(description = "One measure of a model on a task")
record TaskScore(
        @Schema(
                description = "The task, or a part of it, as mmlu_anatomy; text for perplexity on a text",
                example = "arc_easy")
        String task,

        @Schema(
                description =
                        "acc: share of examples whose likeliest choice is the right one; acc_norm: by likelihood per"
                                + " byte of the choice; perplexity; kl_divergence: of the model's distribution from its"
                                + " original's, in nats a token; top1_agreement: share of tokens at which both hold the"
                                + " same one for the most likely",
                example = "acc_norm")
        String metric,

        @Schema(example = "0.412") double value,

        @Schema(description = "Absent for a single example", example = "0.0101") @Nullable
        Double standardError,

        @Schema(description = "Examples it is the mean of; for text its predicted tokens", example = "2376")
        long examples) {}

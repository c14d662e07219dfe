package io.shiftadd.registry.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The sizes of a model, as its config.json says, and the data type that most of its weights have. */
@JsonIgnoreProperties(ignoreUnknown = true)
@Schema(description = "The sizes of a model")
public record ModelShape(
        @Schema(example = "192") int hiddenSize,

        @Schema(description = "Decoder blocks", example = "6")
        int layers,

        @Schema(description = "Attention heads", example = "3")
        int heads,

        @Schema(description = "Heads of keys and values", example = "1")
        int kvHeads,

        @Schema(example = "64") int headDim,

        @Schema(description = "Width of the MLP", example = "512")
        int intermediateSize,

        @Schema(description = "Tokens that it knows; of a model of images, classes", example = "4096")
        int vocabularySize,

        @Schema(
                description = "Longest context in tokens; of a model of images, the tokens of an image",
                example = "512")
        int contextLength,

        @Schema(description = "Data type of most weights", example = "F16") @Nullable
        String dtype) {}

package io.shiftadd.inference.openai.images;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** The answer of {@code POST /v1/images/classifications}. */
@Schema(name = "ImageClassificationList")
record ClassificationResponse(
        @Schema(allowableValues = "list") String object,
        List<Item> data,
        @Schema(example = "vit-mini") String model,
        Usage usage) {

    /** The classes of one image. */
    @Schema(name = "ImageClassification")
    record Item(
            @Schema(allowableValues = "classification") String object,

            @Schema(description = "Of the image", example = "0")
            int index,

            @Schema(description = "The likeliest first") List<ClassScore> classes) {}

    @Schema(name = "ImageClass")
    record ClassScore(
            @Schema(description = "Name of the class", example = "frog")
            String label,

            @Schema(description = "Its number in the model", example = "6")
            int id,

            @Schema(description = "Over all classes of the model", minimum = "0", maximum = "1", example = "0.93")
            double probability) {}

    @Schema(name = "ImageUsage")
    record Usage(
            @Schema(example = "1") int images,

            @Schema(
                    description = "Seconds from decoded images to classes, waiting for a turn included",
                    example = "0.004")
            @JsonProperty("compute_seconds")
            double computeSeconds) {}
}

package io.shiftadd.inference.openai.images;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/images/classifications}. */
@Schema(name = "ImageClassificationRequest")
record ClassificationBody(
        @Schema(
                description = "Name (or id) of a registered model of images",
                example = "vit-mini",
                requiredMode = Schema.RequiredMode.REQUIRED)
        String model,

        @Schema(
                description =
                        "An image, or an array of at most 64: data URLs or plain base64 of JPEG, PNG, GIF or BMP files",
                example = "data:image/png;base64,iVBORw0KGgo=",
                requiredMode = Schema.RequiredMode.REQUIRED)
        Object images,

        @Schema(description = "Classes to name of each image, the likeliest first", defaultValue = "5")
        @JsonProperty("top_k")
        @Nullable
        Integer topK,

        @Schema(description = "Whom the request is for; not used") @Nullable
        String user) {

    /** The same as the parts of a form. */
    @Schema(name = "ImageClassificationForm")
    record Form(
            @Schema(description = "Name (or id) of a registered model of images", example = "vit-mini")
            String model,

            @Schema(description = "A file; the part may come up to 64 times", type = "string", format = "binary")
            String image,

            @Schema(description = "Classes to name of each image", defaultValue = "5") @JsonProperty("top_k") @Nullable
            Integer topK) {}
}

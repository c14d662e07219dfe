package io.shiftadd.registry.model;

import io.shiftadd.job.ModelDimensions;
import io.shiftadd.model.family.Modality;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A model as the API shows it. */
@Schema(name = "Model", description = "A registered model")
public record ModelView(
        UUID id,

        @Schema(description = "Unique name; the inference API serves the model under it", example = "llama-mini")
        String name,

        @Schema(description = "Architecture", example = "llama")
        String family,

        @Schema(description = "What goes into it: text, or images whose class it names", example = "text")
        Modality modality,

        @Schema(description = "original, or reparameterized by a job here")
        ModelKind kind,

        @Schema(description = "Directory (or GGUF file) that holds the model", example = "/srv/models/llama-mini")
        String location,

        @Schema(
                description =
                        "SHA-256: of manifest.json for a published artifact whose files are as it says, of the list of"
                                + " files otherwise",
                example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
        String digest,

        @Schema(description = "Number of weights", example = "3147456")
        long parameters,

        @Schema(description = "Bytes of all its files", example = "6567000")
        long sizeBytes,

        ModelShape shape,

        @Schema(description = "The model that it was made from") @Nullable
        UUID parentId,

        @Schema(description = "The job that made it") @Nullable
        UUID jobId,

        @Schema(description = "How it was reparameterized", example = "acc") @Nullable
        String method,

        @Schema(description = "Mean bits of its reparameterized weights", example = "2.2") @Nullable
        Double meanBits,

        Instant createdAt) {

    /** What the needs of a job follow from. */
    public ModelDimensions dimensions() {
        return new ModelDimensions(
                family,
                shape.layers(),
                shape.hiddenSize(),
                shape.intermediateSize(),
                shape.heads(),
                shape.kvHeads(),
                shape.headDim(),
                shape.vocabularySize(),
                shape.contextLength(),
                parameters,
                sizeBytes);
    }
}

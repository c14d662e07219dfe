package io.shiftadd.quantize.job.run;

import io.shiftadd.job.ModelDimensions;
import io.shiftadd.model.ModelConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A model as the registry knows it.
 *
 * @param shape JSON of its dimensions, handed on to models made from it
 * @param parent the original that it was made from
 */
public record SourceModel(
        UUID id,
        String name,
        String family,
        String kind,
        Path location,
        String digest,
        long parameters,
        long sizeBytes,
        String shape,
        @Nullable String method,
        @Nullable Double meanBits,
        @Nullable UUID parent) {

    public boolean isOriginal() {
        return kind.equals("ORIGINAL");
    }

    /** @param config as its files say */
    public ModelDimensions dimensions(ModelConfig config) {
        return new ModelDimensions(
                family,
                config.layers(),
                config.hiddenSize(),
                config.intermediateSize(),
                config.heads(),
                config.kvHeads(),
                config.headDim(),
                config.vocabularySize(),
                config.contextLength(),
                parameters,
                sizeBytes);
    }

    /** What the paths of its files are relative to: its directory, or that of its GGUF file. */
    public Path base() {
        return Files.isRegularFile(location) ? location.resolveSibling("") : location;
    }

    /** @param path absolute */
    public record RegisteredFile(Path path, long sizeBytes, String sha256) {}
}

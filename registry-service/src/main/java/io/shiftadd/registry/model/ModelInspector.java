package io.shiftadd.registry.model;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.TensorType;
import io.shiftadd.model.ModelConfig;
import io.shiftadd.registry.problem.ProblemException;
import io.shiftadd.registry.problem.ProblemType;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Reads from a model's own files what it is. Weights are not touched, only the headers of their files. */
@Component
class ModelInspector {

    private static final long MAX_CONFIG_BYTES = 16_000_000;

    /** @throws ProblemException when the files are no valid model; says which, where and what to do */
    InspectedModel inspect(Path location) {
        try (Checkpoint checkpoint = Checkpoint.open(location)) {
            ModelConfig config = ModelConfig.read(location);
            long parameters = 0;
            Map<String, Long> bytesByType = new HashMap<>();
            for (String name : checkpoint.names()) {
                TensorType tensor = checkpoint.type(name);
                parameters += tensor.elementCount();
                bytesByType.merge(tensor.dtype().name(), tensor.byteSize(), Long::sum);
            }
            String method = method(location);
            ModelKind kind = method == null ? ModelKind.ORIGINAL : ModelKind.REPARAMETERIZED;
            String family = config.family().modelType();
            return new InspectedModel(family, kind, method, parameters, shape(config, mostBytes(bytesByType)));
        } catch (FormatException e) {
            throw new ProblemException(ProblemType.UNREADABLE_MODEL, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw new ProblemException(ProblemType.UNREADABLE_MODEL, location + " cannot be read: " + e.getMessage());
        }
    }

    private static ModelShape shape(ModelConfig config, @Nullable String dtype) {
        return new ModelShape(
                config.hiddenSize(),
                config.layers(),
                config.heads(),
                config.kvHeads(),
                config.headDim(),
                config.intermediateSize(),
                config.vocabularySize(),
                config.contextLength(),
                dtype);
    }

    private static @Nullable String mostBytes(Map<String, Long> bytesByType) {
        return bytesByType.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    /** What config.json of a published artifact says about how it was made; null for an original. */
    private static @Nullable String method(Path location) {
        Path config = location.resolve("config.json");
        if (!Files.isRegularFile(config)) {
            return null;
        }
        JsonNode quantization = ModelJson.read(config, MAX_CONFIG_BYTES).path("quantization_config");
        boolean ours = quantization.path("quant_method").asString("").equals("shiftadd");
        return ours ? quantization.path("method").asString("unknown") : null;
    }
}

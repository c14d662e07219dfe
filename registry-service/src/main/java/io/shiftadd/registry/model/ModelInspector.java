package io.shiftadd.registry.model;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorType;
import io.shiftadd.http.PlainText;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.model.Transformer;
import io.shiftadd.model.family.Modality;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.PreprocessorSettings;
import io.shiftadd.tokenizer.ChatTemplate;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads from a model's own files what it is, and opens it as the inference-service will: whatever would keep it from
 * being served is found here, by the same code. Weights are not touched, only the headers of their files.
 */
@Component
class ModelInspector {

    private static final int MAX_METHOD = 64;

    /** A tokenizer of the largest vocabularies takes some hundred megabytes while it is read: one at a time. */
    private final Semaphore turn = new Semaphore(1, true);

    /**
     * @param used names of the tensors that the model is made of
     */
    record Inspection(InspectedModel model, Set<String> used) {}

    /** @throws ProblemException when the files are no valid model; says which, where and what to do */
    Inspection inspect(Path location) {
        turn.acquireUninterruptibly();
        try {
            return open(location);
        } catch (FormatException e) {
            throw new ProblemException(ProblemType.UNREADABLE_MODEL, String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw new ProblemException(ProblemType.UNREADABLE_MODEL, location + " cannot be read: " + e.getMessage());
        } finally {
            turn.release();
        }
    }

    /** @throws ProblemException when the config.json is of a model that is not supported */
    void requireKnown(Path directory) {
        try {
            ModelConfig.read(directory);
        } catch (FormatException e) {
            throw new ProblemException(ProblemType.UNREADABLE_MODEL, String.valueOf(e.getMessage()));
        }
    }

    private static Inspection open(Path location) {
        Map<String, Long> bytesByType = new HashMap<>();
        long parameters = 0;
        try (Checkpoint checkpoint = Checkpoint.open(location)) {
            for (String name : checkpoint.names()) {
                TensorType tensor = checkpoint.type(name);
                parameters += tensor.elementCount();
                bytesByType.merge(tensor.dtype().name(), tensor.byteSize(), Long::sum);
            }
        }
        try (Transformer model = Transformer.inspect(location)) {
            if (model.config().modality() == Modality.IMAGE) {
                PreprocessorSettings.read(location, model.config());
            } else {
                requireTokenizer(location);
            }
            ModelConfig config = model.config();
            Optional<String> method = ModelConfig.reparameterization(location);
            method.ifPresent(name -> requirePlain(name, location));
            InspectedModel inspected = new InspectedModel(
                    config.family().modelType(),
                    method.isPresent() ? ModelKind.REPARAMETERIZED : ModelKind.ORIGINAL,
                    method.orElse(null),
                    parameters,
                    shape(config, mostBytes(bytesByType)));
            return new Inspection(inspected, model.tensorNames());
        }
    }

    /** It becomes a column and a cell of a table: what a job writes there is a short word. */
    private static void requirePlain(String method, Path location) {
        String fault = method.length() > MAX_METHOD
                ? "has " + method.length() + " characters"
                : method.isBlank() ? "is empty" : PlainText.fault(method);
        if (fault != null) {
            throw new FormatException(
                    "the method of its quantization_config " + fault,
                    location.resolve("config.json").toString(),
                    "a word of 1 to " + MAX_METHOD + " characters",
                    "Write the name of the method, such as lat, or leave it out.");
        }
    }

    private static void requireTokenizer(Path location) {
        try (Tokenizer tokenizer = Tokenizer.open(location)) {
            tokenizer.chatTemplate().flatMap(ChatTemplate::malformed).ifPresent(problem -> {
                throw new FormatException(
                        "has a chat template that cannot be read: " + problem,
                        location.toString(),
                        "chats are written by it",
                        "Correct the template, or remove it: without one, chats are written in a plain form.");
            });
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
}

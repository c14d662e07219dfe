package io.shiftadd.inference.ollama;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.conversation.Capabilities;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.loading.RegisteredModel;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Models as Ollama describes them. */
final class OllamaModels {

    private OllamaModels() {}

    /** The answer of {@code GET /api/version}. */
    @Schema(name = "OllamaVersion")
    record Version(
            @Schema(description = "Of this API's form, for clients that ask for one", example = "0.12.0")
            String version) {}

    /** The answer of {@code GET /api/tags}. */
    @Schema(name = "OllamaTags")
    record Tags(List<Tag> models) {}

    /** One model. */
    @Schema(name = "OllamaTag")
    record Tag(
            @Schema(example = "llama-mini:latest") String name,
            @Schema(example = "llama-mini:latest") String model,

            @Schema(description = "When it was registered", example = "2026-01-01T00:00:00Z")
            @JsonProperty("modified_at")
            String modifiedAt,

            @Schema(description = "Bytes of its files", example = "6570000")
            long size,

            @Schema(description = "SHA-256 of its files", example = "1f1b78124581")
            String digest,

            Details details) {

        static Tag of(RegisteredModel model) {
            String name = model.name() + ":latest";
            return new Tag(
                    name, name, model.createdAt().toString(), model.sizeBytes(), model.digest(), Details.of(model));
        }
    }

    /** What kind of model it is. */
    @Schema(name = "OllamaDetails")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Details(
            @Schema(description = "Always empty") @JsonProperty("parent_model")
            String parentModel,

            @Schema(allowableValues = {"shiftadd", "original"})
            String format,

            @Schema(example = "llama") String family,
            @Schema(description = "The family") List<String> families,

            @Schema(description = "Of reparameterized models: the mean bits of a weight", example = "3.00 bits")
            @JsonProperty("quantization_level")
            @Nullable
            String quantizationLevel) {

        static Details of(RegisteredModel model) {
            boolean made = model.kind() == RegisteredModel.Kind.REPARAMETERIZED;
            Double bits = model.meanBits();
            return new Details(
                    "",
                    made ? "shiftadd" : "original",
                    model.family(),
                    List.of(model.family()),
                    bits == null ? null : String.format(Locale.ROOT, "%.2f bits", bits));
        }
    }

    /** The answer of {@code POST /api/show}. */
    @Schema(name = "OllamaShow")
    record Show(
            @Schema(description = "The model's chat template (Jinja); empty for one without")
            String template,

            Details details,

            @Schema(description = "Architecture, context and width", type = "object") @JsonProperty("model_info")
            Map<String, Object> modelInfo,

            @Schema(description = "completion, tools, thinking, insert")
            List<String> capabilities,

            @Schema(description = "When it was registered", example = "2026-01-01T00:00:00Z")
            @JsonProperty("modified_at")
            String modifiedAt) {

        static Show of(LoadedModel model) {
            RegisteredModel registered = model.registered();
            Map<String, Object> info = new LinkedHashMap<>();
            info.put("general.architecture", registered.family());
            info.put(registered.family() + ".context_length", model.config().contextLength());
            info.put(registered.family() + ".embedding_length", model.config().hiddenSize());
            Capabilities capabilities = Capabilities.of(model.tokenizer());
            return new Show(
                    capabilities.template(),
                    Details.of(registered),
                    info,
                    capabilities.names(),
                    registered.createdAt().toString());
        }
    }
}

package io.shiftadd.inference.openai.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.loading.ModelDirectory;
import io.shiftadd.inference.loading.RegisteredModel;
import io.shiftadd.inference.loading.ServedModels;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Models", description = "What can be asked")
class ModelController {

    private final ModelDirectory models;
    private final ServedModels served;

    ModelController(ModelDirectory models, ServedModels served) {
        this.models = models;
        this.served = served;
    }

    /** A model that can be named in requests. */
    @Schema(name = "Model")
    record Model(
            @Schema(description = "Its name", example = "llama-mini")
            String id,

            @Schema(allowableValues = "model") String object,

            @Schema(description = "When it was registered, in seconds since 1970", example = "1767225600")
            long created,

            @Schema(description = "shiftadd for models made here, else original", example = "original")
            @JsonProperty("owned_by")
            String ownedBy,

            @Schema(description = "Whether it is in memory; the others are loaded by the first request that names them")
            boolean loaded) {

        private static Model of(RegisteredModel model, boolean loaded) {
            String owner = model.kind() == RegisteredModel.Kind.REPARAMETERIZED ? "shiftadd" : "original";
            return new Model(model.name(), "model", model.createdAt().getEpochSecond(), owner, loaded);
        }
    }

    /** All models. */
    @Schema(name = "ModelList")
    record ModelList(@Schema(allowableValues = "list") String object, List<Model> data) {}

    @GetMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listModels",
            summary = "List the models",
            description = "All that are registered, loaded or not; a new one is there without a restart.")
    ModelList list() {
        Set<String> loaded = loaded();
        return new ModelList(
                "list",
                models.all().stream()
                        .map(model -> Model.of(model, loaded.contains(model.digest())))
                        .toList());
    }

    @GetMapping(path = "/v1/models/{model}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "getModel", summary = "Get a model")
    Model get(@Parameter(description = "Name or id", example = "llama-mini") @PathVariable String model) {
        RegisteredModel found = models.get(model);
        return Model.of(found, loaded().contains(found.digest()));
    }

    /** Equal models under different names are in memory once. */
    private Set<String> loaded() {
        return served.loaded().stream().map(RegisteredModel::digest).collect(Collectors.toSet());
    }
}

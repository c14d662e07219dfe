package io.shiftadd.inference.openai.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.conversation.Capabilities;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.loading.ModelDirectory;
import io.shiftadd.inference.loading.RegisteredModel;
import io.shiftadd.inference.loading.ServedModels;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.RequestJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
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

            @Schema(
                    description = "Whether it is in memory; if not, the first request that names it loads it",
                    allowableValues = {"unloaded", "loading", "loaded"})
            String state,

            @Schema(description = "Tokens of its context; when it is loaded", example = "512")
            @JsonProperty("max_model_len")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            Integer contextLength,

            @Schema(
                    description =
                            "completion, tools, thinking, insert: what its chat template and vocabulary know; when it is loaded")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            List<String> capabilities) {}

    /** All models. */
    @Schema(name = "ModelList")
    record ModelList(@Schema(allowableValues = "list") String object, List<Model> data) {}

    private Model described(RegisteredModel model) {
        String owner = model.kind() == RegisteredModel.Kind.REPARAMETERIZED ? "shiftadd" : "original";
        LoadedModel loaded = served.inMemory(model).orElse(null);
        return new Model(
                model.name(),
                "model",
                model.createdAt().getEpochSecond(),
                owner,
                served.state(model).name().toLowerCase(Locale.ROOT),
                loaded == null ? null : loaded.config().contextLength(),
                loaded == null ? null : Capabilities.of(loaded.tokenizer()).names());
    }

    @GetMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listModels",
            summary = "List the models",
            description = "All that are registered, loaded or not; a new one is there without a restart.")
    ModelList list() {
        return new ModelList("list", models.all().stream().map(this::described).toList());
    }

    @GetMapping(path = "/v1/models/{model}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "getModel", summary = "Get a model")
    Model get(@Parameter(description = "Name or id", example = "llama-mini") @PathVariable String model) {
        return described(models.get(model));
    }

    @PostMapping(path = "/v1/models/{model}/load", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "loadModel",
            summary = "Load a model",
            description = "Answers when it is in memory; others that nobody uses make room for it.")
    Model load(
            @Parameter(description = "Name or id", example = "llama-mini") @PathVariable String model,
            HttpServletRequest request) {
        RequestJson.requireJsonOrNone(request);
        served.acquire(model).close();
        return described(models.get(model));
    }

    @PostMapping(path = "/v1/models/{model}/unload", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "unloadModel",
            summary = "Unload a model",
            description = "Gives its memory back. One that is in use or pinned stays: 409.")
    @ApiResponse(
            responseCode = "409",
            description = "It is in use, loading or pinned",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(ref = "#/components/schemas/ErrorResponse"),
                            examples =
                                    @ExampleObject(
                                            name = "in use",
                                            value =
                                                    "{\"error\": {\"message\": \"The model 'llama-mini' is in use, loading or pinned; try again when it is not\", \"type\": \"invalid_request_error\", \"param\": \"model\", \"code\": \"model_in_use\"}}")))
    @ApiResponse(responseCode = "200", description = "It is not in memory", useReturnTypeSchema = true)
    Model unload(
            @Parameter(description = "Name or id", example = "llama-mini") @PathVariable String model,
            HttpServletRequest request) {
        RequestJson.requireJsonOrNone(request);
        RegisteredModel registered = models.get(model);
        if (!served.unload(registered)) {
            throw ApiException.of(
                    HttpStatus.CONFLICT,
                    "model",
                    "model_in_use",
                    "The model '" + registered.name() + "' is in use, loading or pinned; try again when it is not");
        }
        return described(registered);
    }
}

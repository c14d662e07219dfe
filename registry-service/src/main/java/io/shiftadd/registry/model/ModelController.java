package io.shiftadd.registry.model;

import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.registry.request.Listing;
import io.shiftadd.registry.request.Paging;
import io.shiftadd.registry.storage.ImportThreads;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.data.domain.Sort;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping(path = "/api/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Models", description = "Import, list, trace and delete models")
class ModelController {

    private static final Map<String, String> SORTABLE = Map.of(
            "name", "name",
            "family", "family",
            "createdAt", "createdAt",
            "sizeBytes", "sizeBytes",
            "parameters", "parameters",
            "meanBits", "meanBits");

    private final ModelCatalog catalog;
    private final ModelImport imports;
    private final RemoteImport remote;
    private final ImportThreads threads;

    ModelController(ModelCatalog catalog, ModelImport imports, RemoteImport remote, ImportThreads threads) {
        this.catalog = catalog;
        this.imports = imports;
        this.remote = remote;
        this.threads = threads;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Fails({ProblemType.NAME_TAKEN, ProblemType.UNREADABLE_MODEL})
    @Operation(
            operationId = "importModel",
            summary = "Import a model",
            description =
                    "Registers a model from a directory or GGUF file under an allowed root. The model is opened as"
                            + " the inference-service will, so that what is registered can be served; every file is hashed, and"
                            + " every weight must be finite. Importing the"
                            + " same content under the same name again returns the model that is there. With a repository instead"
                            + " of a path the model is downloaded from the Hub first; the answer is 202 and the import to ask"
                            + " for. What it is, and whether it can be served, is found before its weights are fetched. A"
                            + " download that broke off or was cancelled goes on where it was.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = ImportRequest.class)))
    @ApiResponse(
            responseCode = "201",
            description = "The model is registered",
            headers = @Header(name = "Location", description = "Path of the model", schema = @Schema(type = "string")),
            content = @Content(schema = @Schema(implementation = ModelView.class)))
    @ApiResponse(
            responseCode = "200",
            description = "The same model was registered before",
            content = @Content(schema = @Schema(implementation = ModelView.class)))
    @ApiResponse(
            responseCode = "202",
            description = "The download has begun",
            headers = @Header(name = "Location", description = "Path of the import", schema = @Schema(type = "string")),
            content = @Content(schema = @Schema(implementation = ImportView.class)))
    ResponseEntity<?> importModel(@RequestBody JsonNode body, HttpServletRequest sent) {
        ImportRequest request = ImportRequest.read(body);
        if (request.repository() != null) {
            String revision = request.revision() == null ? "main" : request.revision();
            ImportView begun = remote.start(request.nameOr(request.repository()), request.repository(), revision);
            return ResponseEntity.accepted()
                    .location(URI.create("/api/v1/imports/" + begun.id()))
                    .body(begun);
        }
        ModelImport.Imported imported = threads.run(sent, () -> imports.fromPath(request));
        ModelView model = imported.model();
        return imported.created()
                ? ResponseEntity.created(URI.create("/api/v1/models/" + model.id()))
                        .body(model)
                : ResponseEntity.ok(model);
    }

    @GetMapping
    @Operation(operationId = "listModels", summary = "List models", description = "The newest first unless sorted.")
    Listing<ModelView> list(
            @Parameter(
                            description = "Only models of this kind",
                            schema = @Schema(allowableValues = {"original", "reparameterized"}))
                    @RequestParam(required = false)
                    @Nullable
                    String kind,
            @Parameter(description = "Only models of this architecture", example = "llama")
                    @RequestParam(required = false)
                    @Nullable
                    String family,
            @Parameter(description = "Only models whose name contains this", example = "mini")
                    @RequestParam(required = false)
                    @Nullable
                    String name,
            @ParameterObject Paging paging) {
        Sort newest = Sort.by(Sort.Direction.DESC, "createdAt");
        return Listing.of(catalog.search(kindOf(kind), family, name, paging.pageable(SORTABLE, newest)));
    }

    @GetMapping("/{model}")
    @Operation(operationId = "getModel", summary = "Get a model by id or name")
    ModelView get(@Parameter(description = "Id or name", example = "llama-mini") @PathVariable String model) {
        return catalog.get(model);
    }

    @GetMapping("/{model}/files")
    @Operation(operationId = "listModelFiles", summary = "List the files of a model with size and SHA-256")
    List<ModelFile> files(@Parameter(description = "Id or name", example = "llama-mini") @PathVariable String model) {
        return catalog.files(model);
    }

    @GetMapping("/{model}/lineage")
    @Operation(operationId = "getModelLineage", summary = "Get the ancestors and children of a model")
    Lineage lineage(@Parameter(description = "Id or name", example = "llama-mini") @PathVariable String model) {
        return catalog.lineage(model);
    }

    @DeleteMapping("/{model}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Fails({ProblemType.IN_USE})
    @Operation(
            operationId = "deleteModel",
            summary = "Delete a model",
            description =
                    "Forgets the model. Refused while an active job reads it and while models made from it are"
                            + " registered. Files that the registry has downloaded for it are removed; others stay where they are.")
    @ApiResponse(responseCode = "204", description = "The model is deleted", content = @Content)
    void delete(@Parameter(description = "Id or name", example = "llama-mini") @PathVariable String model) {
        catalog.delete(model);
    }

    private static @Nullable ModelKind kindOf(@Nullable String word) {
        if (word == null || word.isBlank()) {
            return null;
        }
        return Stream.of(ModelKind.values())
                .filter(kind -> kind.name().equals(word.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.invalid("kind", "is '" + word + "'", "original or reparameterized", null));
    }
}

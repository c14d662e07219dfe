package io.shiftadd.registry.hub;

import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.registry.model.ImportView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/v1/imports", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Models")
class ImportController {

    private static final int LATEST = 100;

    private final ImportRecords records;
    private final HubImport imports;

    ImportController(ImportRecords records, HubImport imports) {
        this.records = records;
        this.imports = imports;
    }

    @GetMapping
    @Operation(operationId = "listImports", summary = "List the latest 100 downloads of models")
    List<ImportView> list() {
        return records.latest(LATEST);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getImport", summary = "Get a download of a model and how far it is")
    ImportView get(@PathVariable UUID id) {
        return records.find(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no import with the id " + id + ". GET /api/v1/imports lists the latest."));
    }

    @PostMapping("/{id}/cancel")
    @Fails({ProblemType.ILLEGAL_TRANSITION})
    @Operation(
            operationId = "cancelImport",
            summary = "Cancel a download",
            description = "What has come so far is kept: a resumed import goes on there.")
    ImportView cancel(@PathVariable UUID id) {
        get(id);
        imports.cancel(id);
        return get(id);
    }

    @PostMapping("/{id}/resume")
    @Fails({ProblemType.ILLEGAL_TRANSITION, ProblemType.CONFLICT})
    @Operation(operationId = "resumeImport", summary = "Go on with a download that failed or was cancelled")
    ImportView resume(@PathVariable UUID id) {
        get(id);
        imports.resume(id);
        return get(id);
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Fails({ProblemType.ILLEGAL_TRANSITION})
    @Operation(
            operationId = "deleteImport",
            summary = "Forget a download that has ended",
            description = "What it has left on disk is removed, unless it became a model.")
    @ApiResponse(responseCode = "204", description = "The import is forgotten", content = @Content)
    void delete(@PathVariable UUID id) {
        get(id);
        imports.delete(id);
    }
}

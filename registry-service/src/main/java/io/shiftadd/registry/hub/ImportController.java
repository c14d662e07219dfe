package io.shiftadd.registry.hub;

import io.shiftadd.registry.model.ImportView;
import io.shiftadd.registry.problem.ProblemException;
import io.shiftadd.registry.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/v1/imports", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Models")
class ImportController {

    private static final int LATEST = 100;

    private final ImportRecords records;

    ImportController(ImportRecords records) {
        this.records = records;
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
}

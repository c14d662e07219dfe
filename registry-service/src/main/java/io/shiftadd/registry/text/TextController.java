package io.shiftadd.registry.text;

import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.registry.request.Listing;
import io.shiftadd.registry.request.Paging;
import io.shiftadd.registry.storage.ImportThreads;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
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
import org.springframework.web.multipart.MultipartFile;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping(path = "/api/v1/texts", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Texts", description = "Texts to calibrate with and evaluate on")
class TextController {

    private static final Map<String, String> SORTABLE =
            Map.of("name", "name", "createdAt", "createdAt", "sizeBytes", "sizeBytes");

    private final TextCatalog catalog;
    private final TextImport imports;
    private final ImportThreads threads;

    TextController(TextCatalog catalog, TextImport imports, ImportThreads threads) {
        this.catalog = catalog;
        this.imports = imports;
        this.threads = threads;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Fails({ProblemType.NAME_TAKEN})
    @Operation(
            operationId = "registerText",
            summary = "Register or upload a text",
            description = "As JSON: registers a UTF-8 file where it lies, under an allowed root. As text/plain with the"
                    + " query parameter name, or as multipart/form-data with the parts name and file: uploads it.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = TextRequest.class)),
                @Content(
                        mediaType = MediaType.TEXT_PLAIN_VALUE,
                        schema = @Schema(type = "string"),
                        examples = @ExampleObject("Once upon a time there was a small dog.")),
                @Content(
                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                        schema = @Schema(implementation = TextFormRequest.class))
            })
    @Parameter(
            name = "name",
            in = ParameterIn.QUERY,
            description = "Name of the text, for uploads as text/plain",
            schema = @Schema(type = "string"),
            example = "dog-story")
    @ApiResponse(
            responseCode = "201",
            description = "The text is registered",
            headers = @Header(name = "Location", description = "Path of the text", schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "200", description = "The same text was registered under the name before")
    ResponseEntity<TextView> register(@RequestBody JsonNode body, HttpServletRequest sent) {
        TextRequest asked = TextRequest.read(body);
        return answer(threads.run(sent, () -> imports.fromPath(asked)));
    }

    @PostMapping(consumes = MediaType.TEXT_PLAIN_VALUE)
    @Operation(hidden = true)
    ResponseEntity<TextView> upload(@RequestParam(required = false) @Nullable String name, HttpServletRequest request)
            throws IOException {
        return answer(imports.fromUpload(name, request.getInputStream()));
    }

    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(hidden = true)
    ResponseEntity<TextView> uploadForm(
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(required = false) @Nullable MultipartFile file)
            throws IOException {
        if (file == null) {
            throw ProblemException.invalid("file", "is missing", "a part with the text", "add the part file");
        }
        return answer(imports.fromUpload(name, file.getInputStream()));
    }

    @GetMapping
    @Operation(operationId = "listTexts", summary = "List texts", description = "The newest first unless sorted.")
    Listing<TextView> list(
            @Parameter(description = "Only texts whose name contains this") @RequestParam(required = false) @Nullable
                    String name,
            @ParameterObject Paging paging) {
        Sort newest = Sort.by(Sort.Direction.DESC, "createdAt");
        return Listing.of(catalog.search(name, paging.pageable(SORTABLE, newest)));
    }

    @GetMapping("/{text}")
    @Operation(operationId = "getText", summary = "Get a text by id or name")
    TextView get(@Parameter(description = "Id or name", example = "books-calibration") @PathVariable String text) {
        return catalog.get(text);
    }

    @DeleteMapping("/{text}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Fails({ProblemType.IN_USE})
    @Operation(
            operationId = "deleteText",
            summary = "Delete a text",
            description = "Forgets the text; an uploaded file is deleted. Refused while an active job reads it.")
    @ApiResponse(responseCode = "204", description = "The text is deleted", content = @Content)
    void delete(@Parameter(description = "Id or name", example = "books-calibration") @PathVariable String text) {
        catalog.delete(text);
    }

    /** The parts of an uploaded form, for the OpenAPI document. */
    @Schema(description = "A text to be uploaded as a form")
    private record TextFormRequest(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED, example = "dog-story")
            String name,

            @Schema(
                    description = "The text, UTF-8",
                    requiredMode = Schema.RequiredMode.REQUIRED,
                    type = "string",
                    format = "binary")
            String file) {}

    private static ResponseEntity<TextView> answer(TextImport.Imported imported) {
        TextView text = imported.text();
        return imported.created()
                ? ResponseEntity.created(URI.create("/api/v1/texts/" + text.id()))
                        .body(text)
                : ResponseEntity.ok(text);
    }
}

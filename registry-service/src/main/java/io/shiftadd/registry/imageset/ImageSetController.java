package io.shiftadd.registry.imageset;

import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.registry.request.Listing;
import io.shiftadd.registry.request.Paging;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
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
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping(path = "/api/v1/image-sets", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Image sets", description = "Labelled images to calibrate models of images with and evaluate them on")
class ImageSetController {

    private static final Map<String, String> SORTABLE =
            Map.of("name", "name", "createdAt", "createdAt", "images", "images", "sizeBytes", "sizeBytes");

    private final ImageSetCatalog catalog;
    private final ImageSetImport imports;

    ImageSetController(ImageSetCatalog catalog, ImageSetImport imports) {
        this.catalog = catalog;
        this.imports = imports;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Fails({ProblemType.NAME_TAKEN})
    @Operation(
            operationId = "registerImageSet",
            summary = "Register a set of images",
            description = "Where it lies, under an allowed root. All its files are read, for their digest.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = ImageSetRequest.class)))
    @ApiResponse(
            responseCode = "201",
            description = "The set is registered",
            headers = @Header(name = "Location", description = "Path of the set", schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "200", description = "The same set was registered under the name before")
    ResponseEntity<ImageSetView> register(@RequestBody JsonNode body) {
        ImageSetImport.Imported imported = imports.register(ImageSetRequest.read(body));
        ImageSetView set = imported.set();
        return imported.created()
                ? ResponseEntity.created(URI.create("/api/v1/image-sets/" + set.id()))
                        .body(set)
                : ResponseEntity.ok(set);
    }

    @GetMapping
    @Operation(
            operationId = "listImageSets",
            summary = "List image sets",
            description = "The newest first unless sorted.")
    Listing<ImageSetView> list(
            @Parameter(description = "Only sets whose name contains this") @RequestParam(required = false) @Nullable
                    String name,
            @ParameterObject Paging paging) {
        Sort newest = Sort.by(Sort.Direction.DESC, "createdAt");
        return Listing.of(catalog.search(name, paging.pageable(SORTABLE, newest)));
    }

    @GetMapping("/{imageSet}")
    @Operation(operationId = "getImageSet", summary = "Get an image set by id or name")
    ImageSetView get(@Parameter(description = "Id or name", example = "pets") @PathVariable String imageSet) {
        return catalog.get(imageSet);
    }

    @DeleteMapping("/{imageSet}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Fails({ProblemType.IN_USE})
    @Operation(
            operationId = "deleteImageSet",
            summary = "Delete an image set",
            description = "Forgets the set; its files stay. Refused while an active job reads it.")
    @ApiResponse(responseCode = "204", description = "The set is forgotten", content = @Content)
    void delete(@Parameter(description = "Id or name", example = "pets") @PathVariable String imageSet) {
        catalog.delete(imageSet);
    }
}

package io.shiftadd.inference.openai.responses;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@Tag(name = "Responses", description = "Answer conversations made of items")
class KeptResponsesController {

    private static final String ID = "Its id";
    private static final String EXAMPLE = "resp_5f0c2b9a6d1e4c3f";

    private final KeptResponses kept;

    KeptResponsesController(KeptResponses kept) {
        this.kept = kept;
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @ApiResponse(
            responseCode = "404",
            description = "None is kept for this key, or none at all",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(ref = "#/components/schemas/ErrorResponse"),
                            examples =
                                    @ExampleObject(
                                            name = "no such response",
                                            value =
                                                    "{\"error\": {\"message\": \"No response 'resp_1' is kept for this key: unknown, forgotten, another key's, or one whose 'store' was told to be false\", \"type\": \"invalid_request_error\", \"param\": \"response_id\", \"code\": \"response_not_found\"}}")))
    private @interface MayBeMissing {}

    /** A response that is gone. */
    @Schema(name = "DeletedResponse")
    record Deleted(
            @Schema(example = EXAMPLE) String id,
            @Schema(allowableValues = "response") String object,

            @Schema(description = "Always true", example = "true")
            boolean deleted) {}

    @GetMapping(path = "/v1/responses/{response_id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @MayBeMissing
    @Operation(
            operationId = "getResponse",
            summary = "Get a response that is kept",
            description = "For the key that asked for it alone, and for the server's time to keep responses.")
    @ApiResponse(
            responseCode = "200",
            description = "As it was answered",
            content = @Content(schema = @Schema(implementation = ResponseObject.class)))
    JsonNode get(
            @Parameter(description = ID, example = EXAMPLE) @PathVariable("response_id") String id,
            HttpServletRequest request) {
        return kept.get(id, request).response();
    }

    @DeleteMapping(path = "/v1/responses/{response_id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @MayBeMissing
    @Operation(operationId = "deleteResponse", summary = "Forget a response")
    @ApiResponse(responseCode = "200", description = "It is forgotten", useReturnTypeSchema = true)
    Deleted delete(
            @Parameter(description = ID, example = EXAMPLE) @PathVariable("response_id") String id,
            HttpServletRequest request) {
        kept.forget(id, request);
        return new Deleted(id, "response", true);
    }

    @GetMapping(path = "/v1/responses/{response_id}/input_items", produces = MediaType.APPLICATION_JSON_VALUE)
    @MayBeMissing
    @Operation(
            operationId = "listResponseInputItems",
            summary = "List what a response answers",
            description = "The items of its request and of the turns that it goes on from, the newest first.")
    @ApiResponse(responseCode = "200", description = "Some of the items", useReturnTypeSchema = true)
    ItemPage items(
            @Parameter(description = ID, example = EXAMPLE) @PathVariable("response_id") String id,
            @Parameter(description = "asc or desc; desc when absent", example = "asc")
                    @RequestParam(required = false)
                    @Nullable
                    String order,
            @Parameter(description = "At most so many, 1 to 100; 20 when absent", example = "20")
                    @RequestParam(required = false)
                    @Nullable
                    String limit,
            @Parameter(description = "Id of the item after which to begin") @RequestParam(required = false) @Nullable
                    String after,
            HttpServletRequest request) {
        return ItemPage.of(kept.get(id, request).items(), order, limit, after);
    }
}

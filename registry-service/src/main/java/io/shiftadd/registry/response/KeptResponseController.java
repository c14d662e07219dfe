package io.shiftadd.registry.response;

import io.shiftadd.http.JsonBody;
import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.registry.access.KeyOwner;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/v1/responses", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Responses", description = "Responses that clients of the inference API may go on from")
class KeptResponseController {

    private static final String ID = "Id of the response";
    private static final String EXAMPLE = "resp_5f0c2b9a6d1e4c3f";
    private static final Pattern IDS = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private final KeptResponseRecords records;
    private final ResponseProperties properties;
    private final KeyOwner owners;

    KeptResponseController(KeptResponseRecords records, ResponseProperties properties, KeyOwner owners) {
        this.records = records;
        this.properties = properties;
        this.owners = owners;
    }

    @PutMapping(path = "/{response}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Fails({ProblemType.CONFLICT})
    @Operation(
            operationId = "keepResponse",
            summary = "Keep a response",
            description = "For `shiftadd.responses.keep-for`, for the key that this is sent with alone. The scope"
                    + " `inference` is enough. 404 where none are kept.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = KeptResponseRequest.class)))
    @ApiResponse(responseCode = "204", description = "It is kept", content = @Content)
    void keep(
            @Parameter(description = ID, example = EXAMPLE) @PathVariable String response,
            @RequestBody byte[] body,
            HttpServletRequest request) {
        if (!properties.keepFor().isPositive()) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND,
                    "This registry keeps no responses; set shiftadd.responses.keep-for to a time, such as 7d.");
        }
        if (!IDS.matcher(response).matches()) {
            throw ProblemException.invalid(
                    "response", "is no id", "1 to 100 letters, digits, underscores and hyphens", null);
        }
        KeptResponseRequest kept =
                KeptResponseRequest.read(JsonBody.read(body, JsonBody.Texts.ANY), properties.maxSize());
        if (!records.insert(owners.of(request), response, kept, properties.keepFor(), properties.maxSizePerKey())) {
            throw new ProblemException(ProblemType.CONFLICT, "There is a response '" + response + "' already.");
        }
    }

    @GetMapping("/{response}")
    @Operation(
            operationId = "getResponse",
            summary = "Get a response that is kept",
            description = "For the key that it was kept with; to every other there is none.")
    KeptResponse get(
            @Parameter(description = ID, example = EXAMPLE) @PathVariable String response, HttpServletRequest request) {
        return records.find(owners.of(request), response).orElseThrow(() -> none(response));
    }

    @DeleteMapping("/{response}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "forgetResponse", summary = "Forget a response")
    @ApiResponse(responseCode = "204", description = "It is forgotten", content = @Content)
    void forget(
            @Parameter(description = ID, example = EXAMPLE) @PathVariable String response, HttpServletRequest request) {
        if (!records.delete(owners.of(request), response)) {
            throw none(response);
        }
    }

    private static ProblemException none(String response) {
        return new ProblemException(
                ProblemType.NOT_FOUND,
                "No response '" + response + "' is kept for this key: unknown, forgotten, or another key's.");
    }
}

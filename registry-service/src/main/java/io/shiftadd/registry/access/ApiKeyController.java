package io.shiftadd.registry.access;

import io.shiftadd.http.problem.Fails;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.registry.request.RequestFields;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirements;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping(path = ApiKeyController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Access", description = "API keys and the audit log")
class ApiKeyController {

    static final String PATH = "/api/v1/api-keys";

    private static final int MAX_KEY = 512;

    private final ApiKeys keys;
    private final Clock clock;

    ApiKeyController(ApiKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Fails(ProblemType.NAME_TAKEN)
    @Operation(
            operationId = "createApiKey",
            summary = "Make an API key",
            description = "The answer holds the key itself, this once: only a hash of it is stored.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = ApiKeyRequest.class)))
    @ApiResponse(
            responseCode = "201",
            description = "The key is valid from now on",
            headers = @Header(name = "Location", description = "Path of the key", schema = @Schema(type = "string")))
    ResponseEntity<NewApiKey> create(@RequestBody JsonNode body) {
        NewApiKey made = keys.create(ApiKeyRequest.read(body, clock.instant()));
        return ResponseEntity.created(URI.create(PATH + "/" + made.apiKey().id()))
                .header("Cache-Control", "no-store")
                .body(made);
    }

    @GetMapping
    @Operation(
            operationId = "listApiKeys",
            summary = "List API keys",
            description = "The newest first, revoked ones too.")
    List<ApiKeyView> list() {
        return keys.list();
    }

    @GetMapping("/{key}")
    @Operation(operationId = "getApiKey", summary = "Get an API key by its id")
    ApiKeyView get(@PathVariable UUID key) {
        return keys.get(key);
    }

    @DeleteMapping("/{key}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "revokeApiKey",
            summary = "Revoke an API key",
            description =
                    "Here at once; the inference-service asks again after 30 seconds at most. The key stays listed.")
    @ApiResponse(responseCode = "204", description = "The key is not valid any more", content = @Content)
    void revoke(@PathVariable UUID key) {
        keys.revoke(key);
    }

    @PostMapping(path = "/verify", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Fails(ProblemType.UNAUTHORIZED)
    @SecurityRequirements
    @Operation(
            operationId = "verifyApiKey",
            summary = "Ask whether an API key is valid",
            description =
                    "For services that are sent keys. Needs no key itself: who asks has to know the one asked for.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(schema = @Schema(implementation = Question.class)))
    VerifiedKey verify(@RequestBody JsonNode body) {
        RequestFields fields = RequestFields.of(body);
        String secret = fields.require("key", fields.text("key", MAX_KEY), "the key");
        fields.finish();
        ApiKeyView key = keys.find(String.valueOf(secret))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNAUTHORIZED, "The API key is not valid: unknown, revoked or expired."));
        return new VerifiedKey(
                key.id(), key.name(), key.scopes(), key.requestsPerMinute(), key.maxConcurrentRequests());
    }

    @Schema(name = "ApiKeyQuestionRequest", description = "The key that is asked for")
    private record Question(
            @Schema(example = "sk-shiftadd-…", requiredMode = Schema.RequiredMode.REQUIRED)
            String key) {}
}

package io.shiftadd.inference.openai.document;

import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.error.ErrorBody;
import io.shiftadd.inference.openai.error.ErrorForm;
import io.shiftadd.inference.openai.model.HealthController;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.method.HandlerMethod;

/** Documents in the OpenAPI document which errors an operation answers with, each with an example. */
@Component
class ErrorResponses implements OperationCustomizer, OpenApiCustomizer {

    private static final String JSON = org.springframework.http.MediaType.APPLICATION_JSON_VALUE;
    private static final Duration SOON = Duration.ofSeconds(1);

    /** An error that is documented by what would be answered. */
    private record Documented(String name, String description, ApiException example) {}

    private static final List<Documented> WITH_KEY = List.of(
            new Documented(
                    "no key",
                    "API keys are needed, and there is none or not a valid one",
                    ApiException.unauthorized("The API key is not valid, or was revoked")),
            new Documented(
                    "scope",
                    "The API key has not the scope `inference`",
                    ApiException.forbidden("The API key 'ci' has not the scope 'inference'")),
            new Documented(
                    "rate",
                    "The API key's rate is used up",
                    ApiException.tooMany(
                            "rate_limit_exceeded",
                            Duration.ofSeconds(12),
                            "This API key may send 60 requests a minute")),
            new Documented(
                    "failure", "The server failed", ApiException.internal("The server failed; its log says more")));

    private static final Documented NOT_FINITE = new Documented(
            "not finite",
            "The model computes what are no numbers",
            ApiException.internal(
                    "model_output_not_finite",
                    "model 'llama-mini' computed the logit of token id 17 as NaN; only finite numbers can be answered"));

    private static final Documented NO_MODEL = new Documented(
            "no such model",
            "No such model",
            ApiException.of(
                    HttpStatus.NOT_FOUND,
                    "model",
                    "model_not_found",
                    "The model 'gpt' does not exist; GET /v1/models lists those that do"));

    private static final Documented NO_REGISTRY = new Documented(
            "registry away",
            "The registry does not answer, and what was asked is not known from before",
            ApiException.unavailable("registry_unavailable", SOON, "the registry does not answer"));

    private static final Documented WRONG_PARAMETER = new Documented(
            "parameter",
            "A parameter is not what it may be",
            ApiException.invalid("limit", "'limit' must be a whole number from 1 to 100"));

    private static final List<Documented> WITH_BODY = List.of(
            new Documented(
                    "field",
                    "A field is not what it may be, or is not supported; the message says which and what may be",
                    ApiException.invalid("temperature", "'temperature' is 3; it must be a number from 0 to 2")),
            new Documented(
                    "context",
                    "The prompt and the tokens to generate exceed the model's context",
                    ApiException.invalid(
                            "max_tokens",
                            "context_length_exceeded",
                            "This model's maximum context length is 512 tokens. However, you requested 606 tokens"
                                    + " (6 in the prompt, 600 for the completion). Shorten the prompt or ask for fewer"
                                    + " tokens")),
            NO_MODEL,
            new Documented(
                    "slow body",
                    "The body did not arrive in time",
                    ApiException.of(
                            HttpStatus.REQUEST_TIMEOUT,
                            null,
                            "request_timeout",
                            "The request's body did not arrive in time")),
            new Documented(
                    "size",
                    "The body is over 4 MiB, or one with images over 16 MiB",
                    ApiException.of(
                            HttpStatus.CONTENT_TOO_LARGE,
                            null,
                            "request_too_large",
                            "The request body is larger than 4194304 bytes")),
            new Documented(
                    "media type",
                    "The body is not application/json",
                    ApiException.of(
                            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                            null,
                            "unsupported_media_type",
                            "The request's Content-Type is 'text/plain'; it must be application/json")),
            new Documented(
                    "queue",
                    "Too many prompts wait for the model",
                    ApiException.tooMany(
                            "queue_full", Duration.ofSeconds(3), "256 prompts wait already; try again later")),
            new Documented(
                    "loading",
                    "The model cannot be loaded",
                    ApiException.unavailable(
                            "model_load_failed",
                            Duration.ofSeconds(5),
                            "The model 'llama-mini' cannot be loaded: its file model.safetensors is missing")),
            NO_REGISTRY);

    private final List<ErrorForm> forms;

    ErrorResponses(List<ErrorForm> forms) {
        this.forms = List.copyOf(forms);
    }

    @Override
    public Operation customize(Operation operation, HandlerMethod handler) {
        if (handler.getBeanType() == HealthController.class) {
            return operation;
        }
        PostMapping post = handler.getMethodAnnotation(PostMapping.class);
        GetMapping get = handler.getMethodAnnotation(GetMapping.class);
        ErrorForm form = form(post != null ? post.path() : get != null ? get.path() : new String[0]);
        if (post != null) {
            WITH_BODY.forEach(error -> add(operation, error, form));
            add(operation, NOT_FINITE, form);
        } else {
            add(operation, NO_REGISTRY, form);
            if (operation.getParameters() != null
                    && operation.getParameters().stream().anyMatch(parameter -> "model".equals(parameter.getName()))) {
                add(operation, NO_MODEL, form);
            }
            if (operation.getParameters() != null
                    && operation.getParameters().stream().anyMatch(parameter -> "query".equals(parameter.getIn()))) {
                add(operation, WRONG_PARAMETER, form);
            }
        }
        WITH_KEY.forEach(error -> add(operation, error, form));
        return operation;
    }

    private @Nullable ErrorForm form(String[] paths) {
        return forms.stream()
                .filter(form -> Arrays.stream(paths).anyMatch(form::isFor))
                .findFirst()
                .orElse(null);
    }

    private static String nameOf(Class<?> type) {
        return type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class)
                .name();
    }

    private static void add(Operation operation, Documented error, @Nullable ErrorForm form) {
        String status = Integer.toString(error.example().status().value());
        ApiResponse response = operation.getResponses().get(status);
        MediaType media = response == null ? null : response.getContent().get(JSON);
        if (response == null || media == null) {
            media = new MediaType()
                    .schema(new Schema<>()
                            .$ref("#/components/schemas/" + nameOf(form == null ? ErrorBody.class : form.type())));
            response =
                    new ApiResponse().description(error.description()).content(new Content().addMediaType(JSON, media));
            if (error.example().retryAfter() != null) {
                response.addHeaderObject(
                        "Retry-After",
                        new Header()
                                .description("Seconds after which to ask again")
                                .schema(new IntegerSchema()));
            }
            operation.getResponses().addApiResponse(status, response);
        } else {
            response.setDescription(response.getDescription() + "; or: " + error.description());
        }
        media.addExamples(
                error.name(), new Example().value(form == null ? error.example().body() : form.body(error.example())));
    }

    @Override
    public void customise(OpenAPI document) {
        if (document.getComponents() == null) {
            document.setComponents(new Components());
        }
        Stream.concat(Stream.of(ErrorBody.class), forms.stream().map(ErrorForm::type))
                .forEach(type ->
                        ModelConverters.getInstance(true).readAll(type).forEach(document.getComponents()::addSchemas));
    }
}

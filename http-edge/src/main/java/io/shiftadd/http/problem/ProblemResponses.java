package io.shiftadd.http.problem;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.web.method.HandlerMethod;

/** Documents in the OpenAPI document which problems an operation may answer with. */
public final class ProblemResponses implements OperationCustomizer, OpenApiCustomizer {

    private static final String PROBLEM = org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;

    private static final Set<ProblemType> ALWAYS = EnumSet.of(
            ProblemType.UNAUTHORIZED,
            ProblemType.FORBIDDEN,
            ProblemType.NOT_ACCEPTABLE,
            ProblemType.INTERNAL,
            ProblemType.UNAVAILABLE);

    private static final Set<ProblemType> WITH_BODY = EnumSet.of(
            ProblemType.MALFORMED_REQUEST,
            ProblemType.INVALID_FIELD,
            ProblemType.TOO_LARGE,
            ProblemType.UNSUPPORTED_MEDIA_TYPE);

    private final Set<ProblemType> always;
    private final FieldError field;
    private final String tooLarge;

    private ProblemResponses(Set<ProblemType> always, FieldError field, String tooLarge) {
        this.always = always;
        this.field = field;
        this.tooLarge = tooLarge;
    }

    /** Problems shown with a service's own examples: a field that is not valid, what a body that is too large gets. */
    public static ProblemResponses withExamples(FieldError field, String tooLarge) {
        return new ProblemResponses(ALWAYS, field, tooLarge);
    }

    /** Those of a service whose every operation may be asked too often. */
    public ProblemResponses limitedInRate() {
        Set<ProblemType> types = EnumSet.copyOf(always);
        types.add(ProblemType.TOO_MANY_REQUESTS);
        return new ProblemResponses(types, field, tooLarge);
    }

    @Override
    public Operation customize(Operation operation, HandlerMethod handler) {
        Set<ProblemType> types = EnumSet.copyOf(always);
        if (operation.getRequestBody() != null) {
            types.addAll(WITH_BODY);
        }
        if (operation.getParameters() != null) {
            types.add(ProblemType.INVALID_FIELD);
            if (operation.getParameters().stream().anyMatch(parameter -> "path".equals(parameter.getIn()))) {
                types.add(ProblemType.NOT_FOUND);
            }
        }
        Fails fails = handler.getMethodAnnotation(Fails.class);
        if (fails != null) {
            types.addAll(List.of(fails.value()));
        }
        types.forEach(type -> add(operation, type));
        return operation;
    }

    @Override
    public void customise(OpenAPI document) {
        if (document.getComponents() == null) {
            document.setComponents(new Components());
        }
        ModelConverters.getInstance(true).readAll(Problem.class).forEach(document.getComponents()::addSchemas);
    }

    private void add(Operation operation, ProblemType type) {
        String status = Integer.toString(type.status().value());
        ApiResponse response = operation.getResponses().get(status);
        MediaType media = response == null ? null : response.getContent().get(PROBLEM);
        if (response == null || media == null) {
            media = new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"));
            response = new ApiResponse().description(type.title()).content(new Content().addMediaType(PROBLEM, media));
            operation.getResponses().addApiResponse(status, response);
        } else {
            response.setDescription(response.getDescription() + "; or: " + type.title());
        }
        Problem example = Problem.of(type, exampleDetail(type), "/api/v1/…", exampleErrors(type));
        media.addExamples(type.uri().toString(), new Example().value(example));
    }

    private String exampleDetail(ProblemType type) {
        return switch (type) {
            case INVALID_FIELD -> field.field() + " " + field.message() + "; allowed: " + field.limit();
            case MALFORMED_REQUEST -> "The body is not valid JSON at line 1, column 9: Unexpected character";
            case TOO_LARGE -> tooLarge;
            default -> type.title() + ".";
        };
    }

    private List<FieldError> exampleErrors(ProblemType type) {
        return type == ProblemType.INVALID_FIELD ? List.of(field) : List.of();
    }
}

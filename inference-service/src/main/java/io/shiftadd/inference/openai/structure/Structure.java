package io.shiftadd.inference.openai.structure;

import io.shiftadd.inference.generation.TokenConstraint;
import io.shiftadd.inference.grammar.JsonGrammar;
import io.shiftadd.inference.grammar.JsonSchemas;
import io.shiftadd.inference.grammar.schema.SchemaException;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Preparation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Turns a response format into what constrains the tokens of a model. */
@Component
public class Structure {

    private static final String FIELD = "response_format";

    private final JsonSchemas schemas = new JsonSchemas();
    private final Preparation preparation;

    Structure(Preparation preparation) {
        this.preparation = preparation;
    }

    /**
     * @return null when any text will do
     * @throws ApiException when the schema is not supported, or no text that meets it fits into the tokens asked for
     */
    @Nullable
    public Supplier<TokenConstraint> of(
            ResponseFormat format, LoadedModel model, int maxTokens, HttpServletRequest request) {
        return switch (format) {
            case ResponseFormat.Text() -> null;
            case ResponseFormat.JsonObject() ->
                preparation.ofLong(request, () -> constraints(JsonGrammar.object(model.vocabulary()), maxTokens));
            case ResponseFormat.JsonSchema(var schema) -> {
                try {
                    yield preparation.ofLong(
                            request, () -> constraints(schemas.compile(schema, model.vocabulary()), maxTokens));
                } catch (SchemaException e) {
                    String field = ResponseFormat.SCHEMA_PATH + e.where().replace('/', '.');
                    String at = e.where().isEmpty() ? "" : " (in the schema at '" + e.where() + "')";
                    throw ApiException.invalid(field, "'" + field + "'" + at + " " + e.getMessage());
                }
            }
        };
    }

    private static Supplier<TokenConstraint> constraints(JsonGrammar grammar, int maxTokens) {
        Optional<Integer> shortest = grammar.shortestTokens();
        if (shortest.isEmpty()) {
            throw ApiException.invalid(FIELD, "This model's vocabulary cannot spell JSON; use the type 'text'");
        }
        if (shortest.get() > maxTokens) {
            throw ApiException.invalid(
                    "max_completion_tokens",
                    "The shortest answer that '" + FIELD + "' allows takes " + shortest.get() + " tokens, and only "
                            + maxTokens + " may be generated");
        }
        return () -> grammar.constraint(maxTokens);
    }
}

package io.shiftadd.inference.openai.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.loading.ServedModels;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.IgnoredFields;
import io.shiftadd.inference.openai.request.KnownFields;
import io.shiftadd.inference.openai.request.RequestJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@Tag(name = "Tokens", description = "Texts as a model's tokens, and back")
class TokenController {

    private static final Set<String> KNOWN_TO_TOKENIZE = KnownFields.of(TokenizeBody.class);
    private static final Set<String> KNOWN_TO_DETOKENIZE = KnownFields.of(DetokenizeBody.class);

    private final ServedModels models;
    private final RequestJson requests;

    TokenController(ServedModels models, RequestJson requests) {
        this.models = models;
        this.requests = requests;
    }

    /** @param tokenTexts the tokens as the vocabulary spells them; absent unless asked for */
    @Schema(name = "TokenizeResponse")
    record Tokenized(
            @Schema(example = "6") int count,

            @Schema(description = "The model's context", example = "512") @JsonProperty("max_model_len")
            int maxModelLength,

            @Schema(description = "Token ids") List<Integer> tokens,

            @Schema(description = "The tokens as the vocabulary spells them; only when asked for")
            @JsonProperty("token_strs")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            List<String> tokenTexts) {}

    /** The text of tokens. */
    @Schema(name = "DetokenizeResponse")
    record Detokenized(@Schema(example = "Once upon a time") String prompt) {}

    @PostMapping(path = "/tokenize", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "tokenize", summary = "A text as token ids")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = TokenizeBody.class)))
    Tokenized tokenize(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        Fields fields = new Fields(requests.read(request), "", KNOWN_TO_TOKENIZE, ignored);
        ignored.report(response);
        String name = fields.text("model", "the name of a model");
        String text = fields.text("prompt", "a text");
        boolean special = !fields.has("add_special_tokens") || fields.flag("add_special_tokens");
        boolean spelled = fields.flag("return_token_strs");
        try (ServedModels.Lease lease = models.acquire(name)) {
            LoadedModel model = lease.model();
            int[] ids = model.tokenizer().encode(text, special);
            List<String> texts = spelled
                    ? Arrays.stream(ids).mapToObj(model.tokenizer()::token).toList()
                    : null;
            return new Tokenized(
                    ids.length,
                    model.config().contextLength(),
                    Arrays.stream(ids).boxed().toList(),
                    texts);
        }
    }

    @PostMapping(path = "/detokenize", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "detokenize",
            summary = "The text of token ids",
            description = "Special tokens are written out.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = DetokenizeBody.class)))
    Detokenized detokenize(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        Fields fields = new Fields(requests.read(request), "", KNOWN_TO_DETOKENIZE, ignored);
        ignored.report(response);
        String name = fields.text("model", "the name of a model");
        JsonNode tokens = fields.get("tokens");
        if (tokens == null || !tokens.isArray()) {
            throw fields.wrong("tokens", "an array of token ids");
        }
        int[] ids = Fields.ids(tokens, "tokens");
        try (ServedModels.Lease lease = models.acquire(name)) {
            for (int id : ids) {
                if (id >= lease.model().tokenizer().vocabularySize()) {
                    throw ApiException.invalid(
                            "tokens",
                            "'tokens' has the id " + id + "; this model's vocabulary ends at "
                                    + (lease.model().tokenizer().vocabularySize() - 1));
                }
            }
            return new Detokenized(lease.model().tokenizer().decode(ids, false));
        }
    }
}

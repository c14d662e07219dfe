package io.shiftadd.inference.openai.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.loading.ServedModels;
import io.shiftadd.inference.openai.answer.Answers;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.IgnoredFields;
import io.shiftadd.inference.openai.request.KnownFields;
import io.shiftadd.inference.openai.request.Preparation;
import io.shiftadd.inference.openai.request.RequestJson;
import io.shiftadd.inference.openai.request.RequestMemory;
import io.shiftadd.tokenizer.Tokenizer;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
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
    private final RequestMemory memory;
    private final Preparation preparation;
    private final Answers answers;

    TokenController(
            ServedModels models, RequestJson requests, RequestMemory memory, Preparation preparation, Answers answers) {
        this.models = models;
        this.requests = requests;
        this.memory = memory;
        this.preparation = preparation;
        this.answers = answers;
    }

    /** @param tokenTexts the tokens as the vocabulary spells them; absent unless asked for */
    @Schema(name = "TokenizeResponse")
    record Tokenized(
            @Schema(example = "6") int count,

            @Schema(description = "The model's context", example = "512") @JsonProperty("max_model_len")
            int maxModelLength,

            @Schema(description = "Token ids") int[] tokens,

            @Schema(description = "The tokens as the vocabulary spells them; only when asked for")
            @JsonProperty("token_strs")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            String @Nullable [] tokenTexts) {}

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
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Tokenized.class)))
    void tokenize(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        Fields fields = new Fields(requests.read(request), "", KNOWN_TO_TOKENIZE, ignored);
        ignored.report(response);
        String name = fields.text("model", "the name of a model");
        String text = fields.text("prompt", "a text");
        boolean special = !fields.has("add_special_tokens") || fields.flag("add_special_tokens");
        boolean spelled = fields.flag("return_token_strs");
        try (ServedModels.Lease lease = models.acquire(name)) {
            answer(request, response, () -> tokenized(lease.model(), text, special, spelled));
        }
    }

    private static Tokenized tokenized(LoadedModel model, String text, boolean special, boolean spelled) {
        Tokenizer tokenizer = model.tokenizer();
        int[] ids = tokenizer.encode(text, special);
        String[] texts = spelled ? Arrays.stream(ids).mapToObj(tokenizer::token).toArray(String[]::new) : null;
        return new Tokenized(ids.length, model.config().contextLength(), ids, texts);
    }

    /** Answers may be many times as long as requests: they are made where tokens are, and count until they are read. */
    private void answer(HttpServletRequest request, HttpServletResponse response, Supplier<Object> made) {
        byte[] answer = preparation.of(request, () -> answers.json(made.get()));
        memory.of(request).take(answer.length);
        answers.whole(response).write(answer);
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
    @ApiResponse(
            responseCode = "200",
            description = "OK",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Detokenized.class)))
    void detokenize(HttpServletRequest request, HttpServletResponse response) {
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
            answer(request, response, () -> new Detokenized(text(lease.model().tokenizer(), ids)));
        }
    }

    private static String text(Tokenizer tokenizer, int[] ids) {
        for (int id : ids) {
            if (id >= tokenizer.vocabularySize()) {
                throw ApiException.invalid(
                        "tokens",
                        "'tokens' has the id " + id + "; this model's vocabulary ends at "
                                + (tokenizer.vocabularySize() - 1));
            }
        }
        return tokenizer.decode(ids, false);
    }
}

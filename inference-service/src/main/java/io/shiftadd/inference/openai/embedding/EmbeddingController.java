package io.shiftadd.inference.openai.embedding;

import io.shiftadd.inference.generation.EmbeddingRequest;
import io.shiftadd.inference.generation.GenerationEvent.Embedded;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.loading.ServedModels;
import io.shiftadd.inference.openai.answer.Answers;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.openai.answer.JsonAnswer;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.IgnoredFields;
import io.shiftadd.inference.openai.request.KnownFields;
import io.shiftadd.inference.openai.request.Preparation;
import io.shiftadd.inference.openai.request.Prompt;
import io.shiftadd.inference.openai.request.PromptTokens;
import io.shiftadd.inference.openai.request.RequestJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@Tag(name = "Embeddings", description = "Texts as vectors")
class EmbeddingController {

    private static final Set<String> KNOWN = KnownFields.of(EmbeddingBody.class);

    /** As many as OpenAI's API takes; clients fill requests up to it. */
    private static final int MAX_INPUTS = 2_048;

    private static final int BATCH = 64;

    private final ServedModels models;
    private final RequestJson requests;
    private final Preparation preparation;
    private final Answers answers;

    EmbeddingController(ServedModels models, RequestJson requests, Preparation preparation, Answers answers) {
        this.models = models;
        this.requests = requests;
        this.preparation = preparation;
        this.answers = answers;
    }

    /** What is asked for, everything checked that can be without the model. */
    private record Asked(String model, List<Prompt> inputs, boolean base64, int dimensions) {

        private static List<Prompt> inputs(Fields fields) {
            JsonNode input = fields.get("input");
            if (input != null && input.isArray() && input.isEmpty()) {
                throw ApiException.invalid("input", "'input' is an empty array; send at least one text");
            }
            return Prompt.read(fields, "input", MAX_INPUTS);
        }

        private static Asked read(Fields fields) {
            String model = fields.text("model", "the name of a model");
            List<Prompt> inputs = inputs(fields);
            String expected = "'float' or 'base64'";
            String format = fields.has("encoding_format") ? fields.text("encoding_format", expected) : "float";
            if (!format.equals("float") && !format.equals("base64")) {
                throw fields.wrong("encoding_format", expected);
            }
            int dimensions = fields.count("dimensions", 1, Integer.MAX_VALUE).orElse(0);
            return new Asked(model, inputs, format.equals("base64"), dimensions);
        }
    }

    @PostMapping(path = "/v1/embeddings")
    @Operation(
            operationId = "createEmbedding",
            summary = "Embed texts",
            description =
                    "The mean over a text's tokens of the hidden state after the final norm; not scaled to length 1.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = EmbeddingBody.class)))
    @ApiResponse(
            responseCode = "200",
            description = "One vector for each text, in order",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = EmbeddingResponse.class)))
    void embed(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        Asked asked = Asked.read(new Fields(requests.read(request), "", KNOWN, ignored));
        ignored.report(response);
        try (ServedModels.Lease lease = models.acquire(asked.model())) {
            requireWidth(asked, lease.model());
            List<EmbeddingRequest> texts = preparation.of(request, () -> texts(asked, lease.model()));
            EventLoop events = answers.events(request, lease);
            JsonAnswer out = answers.whole(response);
            out.write(() ->
                    answer(embed(texts, lease.model(), events, out), asked.base64(), lease.name(), tokens(texts)));
        }
    }

    private static List<EmbeddingRequest> texts(Asked asked, LoadedModel model) {
        return asked.inputs().stream()
                .map(input -> new EmbeddingRequest(
                        PromptTokens.of(input, model, "input").ids()))
                .toList();
    }

    /** Embeds some texts at a time; all at once would leave no place in the line for anybody else. */
    private static float[][] embed(List<EmbeddingRequest> texts, LoadedModel model, EventLoop events, JsonAnswer out) {
        float[][] vectors = new float[texts.size()][];
        for (int first = 0; first < vectors.length; first += BATCH) {
            int from = first;
            int to = Math.min(first + BATCH, vectors.length);
            try (GenerationStream stream = model.engine().embed(texts.subList(from, to))) {
                events.run(
                        stream,
                        to - from,
                        event -> {
                            if (event instanceof Embedded embedded) {
                                vectors[from + event.choice()] = embedded.embedding();
                            }
                        },
                        out);
            }
        }
        return vectors;
    }

    private static int tokens(List<EmbeddingRequest> texts) {
        return texts.stream().mapToInt(text -> text.prompt().length).sum();
    }

    private static void requireWidth(Asked asked, LoadedModel model) {
        int width = model.config().hiddenSize();
        if (asked.dimensions() != 0 && asked.dimensions() != width) {
            throw ApiException.invalid(
                    "dimensions",
                    "'dimensions' is " + asked.dimensions() + "; this model's embeddings have " + width
                            + " and are not shortened");
        }
    }

    private static EmbeddingResponse answer(float[][] vectors, boolean base64, String model, int tokens) {
        List<EmbeddingResponse.Item> items = new ArrayList<>();
        for (int i = 0; i < vectors.length; i++) {
            Object vector = base64 ? base64(vectors[i]) : vectors[i];
            items.add(new EmbeddingResponse.Item("embedding", i, vector));
        }
        return new EmbeddingResponse("list", items, model, new EmbeddingResponse.Usage(tokens, tokens));
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), bytes.capacity()));
    }
}

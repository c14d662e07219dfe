package io.shiftadd.inference.ollama;

import io.shiftadd.inference.conversation.Conversations;
import io.shiftadd.inference.conversation.Turn;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.loading.ModelDirectory;
import io.shiftadd.inference.loading.RegisteredModel;
import io.shiftadd.inference.loading.ServedModels;
import io.shiftadd.inference.openai.answer.Answers;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.openai.answer.JsonAnswer;
import io.shiftadd.inference.openai.request.Fields;
import io.shiftadd.inference.openai.request.IgnoredFields;
import io.shiftadd.inference.openai.request.KnownFields;
import io.shiftadd.inference.openai.request.RequestJson;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Ollama", description = "What tools that speak only Ollama's API need of it")
class OllamaController {

    /** Clients ask whether this is new enough for tools and thoughts. */
    private static final String VERSION = "0.12.0";

    private static final Set<String> KNOWN_OF_SHOW = KnownFields.of(OllamaBody.ShowBody.class);
    private static final String LINES = "application/x-ndjson";

    private final ServedModels models;
    private final ModelDirectory directory;
    private final RequestJson requests;
    private final Conversations conversations;
    private final Answers answers;

    OllamaController(
            ServedModels models,
            ModelDirectory directory,
            RequestJson requests,
            Conversations conversations,
            Answers answers) {
        this.models = models;
        this.directory = directory;
        this.requests = requests;
        this.conversations = conversations;
        this.answers = answers;
    }

    @GetMapping(path = OllamaErrors.PATH + "/version", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "ollamaVersion", summary = "Tell which version of Ollama's API this is")
    OllamaModels.Version version() {
        return new OllamaModels.Version(VERSION);
    }

    @GetMapping(path = OllamaErrors.PATH + "/tags", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "ollamaTags", summary = "List the models in Ollama's form")
    OllamaModels.Tags tags() {
        return new OllamaModels.Tags(
                directory.all().stream().map(OllamaModels.Tag::of).toList());
    }

    @PostMapping(path = OllamaErrors.PATH + "/show", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "ollamaShow", summary = "Describe a model in Ollama's form", description = "Loads it.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = OllamaBody.ShowBody.class),
                            examples = @ExampleObject("{\"model\": \"llama-mini\"}")))
    OllamaModels.Show show(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        Fields fields = new Fields(requests.read(request), "", KNOWN_OF_SHOW, ignored);
        String name = fields.text(fields.has("model") ? "model" : "name", "the name of a model");
        ignored.report(response);
        try (ServedModels.Lease lease = models.acquire(OllamaRequest.model(name))) {
            return OllamaModels.Show.of(lease.model());
        }
    }

    @PostMapping(path = OllamaErrors.PATH + "/chat")
    @Operation(
            operationId = "ollamaChat",
            summary = "Answer a conversation in Ollama's form",
            description =
                    "The same conversations as `/v1/chat/completions` has. The answer is a line of JSON for each piece,"
                            + " unless `stream` is false.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = OllamaBody.ChatBody.class),
                            examples =
                                    @ExampleObject(
                                            "{\"model\": \"llama-mini\", \"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story.\"}], \"options\": {\"num_predict\": 60}}")))
    @ApiResponse(
            responseCode = "200",
            description = "The answer, or lines of it",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = OllamaAnswer.class)),
                @Content(mediaType = LINES, schema = @Schema(implementation = OllamaAnswer.class))
            })
    void chat(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        OllamaRequest asked = OllamaRequest.chat(requests.read(request), ignored);
        ignored.report(response);
        answer(asked, true, request, response);
    }

    @PostMapping(path = OllamaErrors.PATH + "/generate")
    @Operation(
            operationId = "ollamaGenerate",
            summary = "Answer one prompt in Ollama's form",
            description =
                    "As a conversation of one message, written by the model's own template, or with `raw` as it is.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = OllamaBody.GenerateBody.class),
                            examples =
                                    @ExampleObject(
                                            "{\"model\": \"llama-mini\", \"prompt\": \"Tell me a story.\", \"options\": {\"num_predict\": 60}}")))
    @ApiResponse(
            responseCode = "200",
            description = "The answer, or lines of it",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = OllamaAnswer.class)),
                @Content(mediaType = LINES, schema = @Schema(implementation = OllamaAnswer.class))
            })
    void generate(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        OllamaRequest asked = OllamaRequest.generate(requests.read(request), ignored);
        ignored.report(response);
        answer(asked, false, request, response);
    }

    private void answer(OllamaRequest asked, boolean chat, HttpServletRequest request, HttpServletResponse response) {
        String model = asked.ask().model();
        if (asked.unload() && asked.ask().messages().isEmpty()) {
            RegisteredModel registered = directory.get(model);
            models.unload(registered);
            answers.whole(response).write(() -> OllamaTurn.empty(registered.name(), chat, "unload"));
            return;
        }
        try {
            converse(asked, chat, request, response);
        } finally {
            if (asked.unload()) {
                models.unload(directory.get(model));
            }
        }
    }

    private void converse(OllamaRequest asked, boolean chat, HttpServletRequest request, HttpServletResponse response) {
        long begun = System.nanoTime();
        try (ServedModels.Lease lease = models.acquire(asked.ask().model())) {
            if (asked.ask().messages().isEmpty()) {
                answers.whole(response).write(() -> OllamaTurn.empty(lease.name(), chat, "load"));
                return;
            }
            Turn turn = conversations.begin(asked.ask(), lease.model(), request);
            OllamaTurn answer = new OllamaTurn(turn, lease.name(), chat, begun);
            EventLoop events = answers.events(request, lease);
            try (GenerationStream stream = turn.start()) {
                if (asked.stream()) {
                    answer.stream(stream, events, answers.lines(response));
                } else {
                    JsonAnswer out = answers.whole(response);
                    out.write(() -> answer.collect(stream, events, out));
                }
            }
        }
    }
}

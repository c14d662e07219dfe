package io.shiftadd.inference.openai.chat;

import io.shiftadd.inference.generation.GenerationRequest;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.loading.ServedModels;
import io.shiftadd.inference.openai.answer.AnswerHead;
import io.shiftadd.inference.openai.answer.Answers;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.openai.answer.JsonAnswer;
import io.shiftadd.inference.openai.request.IgnoredFields;
import io.shiftadd.inference.openai.request.Preparation;
import io.shiftadd.inference.openai.request.RequestJson;
import io.shiftadd.inference.openai.structure.Structure;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Chat", description = "Answer conversations")
class ChatController {

    private final ServedModels models;
    private final RequestJson requests;
    private final Structure structure;
    private final Preparation preparation;
    private final Answers answers;

    ChatController(
            ServedModels models, RequestJson requests, Preparation preparation, Structure structure, Answers answers) {
        this.models = models;
        this.requests = requests;
        this.preparation = preparation;
        this.structure = structure;
        this.answers = answers;
    }

    @PostMapping(path = "/v1/chat/completions")
    @Operation(
            operationId = "createChatCompletion",
            summary = "Answer a conversation",
            description = "Written by the model's own chat template; for a model without one, as a transcript of"
                    + " `User:` and `Assistant:` lines. With `stream` the answer is server-sent events: the first delta"
                    + " of a choice carries the role, then content, then an empty delta with the finish_reason; at the"
                    + " end `data: [DONE]`. An error after the first byte is `event: error` with the error object.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = ChatBody.class),
                            examples =
                                    @ExampleObject(
                                            "{\"model\": \"llama-mini\", \"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story.\"}], \"max_completion_tokens\": 60}")))
    @ApiResponse(
            responseCode = "200",
            description = "The choices, or a stream of them",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = ChatResponse.class)),
                @Content(
                        mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                        schema = @Schema(implementation = ChatChunk.class),
                        examples =
                                @ExampleObject(
                                        "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1767225600,\"model\":\"llama-mini\",\"system_fingerprint\":\"fp_1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]}\n\ndata: [DONE]\n\n"))
            })
    void chat(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        ChatRequest asked = ChatRequest.read(requests.read(request), ignored);
        ignored.report(response);
        try (ServedModels.Lease lease = models.acquire(asked.model())) {
            LoadedModel model = lease.model();
            asked.sampling().requireKnown(model);
            ChatPrompt prompt = preparation.of(request, () -> ChatPrompt.of(asked, model));
            GenerationRequest generation = generation(asked, prompt, model, request);
            ChatAnswer answer =
                    new ChatAnswer(asked, prompt.tokens(), AnswerHead.of("chatcmpl-", lease), model.tokenizer());
            EventLoop events = answers.events(request, lease);
            try (GenerationStream stream = model.engine().generate(List.of(generation))) {
                if (asked.streaming().stream()) {
                    answer.stream(stream, events, answers.stream(response));
                } else {
                    JsonAnswer out = answers.whole(response);
                    out.write(() -> answer.collect(stream, events, out));
                }
            }
        }
    }

    private GenerationRequest generation(
            ChatRequest asked, ChatPrompt prompt, LoadedModel model, HttpServletRequest request) {
        int maxTokens = prompt.tokens().room(asked.maxTokens(), Integer.MAX_VALUE, model, "max_completion_tokens");
        return new GenerationRequest(
                prompt.tokens().ids(),
                asked.sampling().choices(),
                maxTokens,
                asked.sampling().settings(),
                asked.sampling().seed().orElseGet(ThreadLocalRandom.current()::nextLong),
                prompt.stopsWith(asked.sampling().stops()),
                asked.sampling().endIds(model),
                asked.topLogprobs().orElse(GenerationRequest.NO_SCORES),
                false,
                false,
                structure.of(asked.format(), model, maxTokens, request));
    }
}

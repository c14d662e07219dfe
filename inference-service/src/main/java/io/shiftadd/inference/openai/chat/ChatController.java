package io.shiftadd.inference.openai.chat;

import io.shiftadd.inference.conversation.Conversations;
import io.shiftadd.inference.conversation.Turn;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.loading.ServedModels;
import io.shiftadd.inference.openai.answer.AnswerHead;
import io.shiftadd.inference.openai.answer.Answers;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.openai.answer.JsonAnswer;
import io.shiftadd.inference.openai.request.IgnoredFields;
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
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Chat", description = "Answer conversations")
class ChatController {

    private final ServedModels models;
    private final RequestJson requests;
    private final Conversations conversations;
    private final Answers answers;

    ChatController(ServedModels models, RequestJson requests, Conversations conversations, Answers answers) {
        this.models = models;
        this.requests = requests;
        this.conversations = conversations;
        this.answers = answers;
    }

    @PostMapping(path = "/v1/chat/completions")
    @Operation(
            operationId = "createChatCompletion",
            summary = "Answer a conversation",
            description = "Written by the model's own chat template; for a model without one, as a transcript of"
                    + " `User:` and `Assistant:` lines. With `stream` the answer is server-sent events: the first delta"
                    + " of a choice carries the role, then content, what the model thinks, or calls of tools, then an empty"
                    + " delta with the finish_reason; at the"
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
        try (ServedModels.Lease lease = models.acquire(asked.ask().model())) {
            LoadedModel model = lease.model();
            Turn turn = conversations.begin(asked.ask(), model, request);
            ChatAnswer answer = new ChatAnswer(asked, turn, AnswerHead.of("chatcmpl-", lease), model.tokenizer());
            EventLoop events = answers.events(request, lease);
            try (GenerationStream stream = turn.start()) {
                if (asked.streaming().stream()) {
                    answer.stream(stream, events, answers.stream(response));
                } else {
                    JsonAnswer out = answers.whole(response);
                    out.write(() -> answer.collect(stream, events, out));
                }
            }
        }
    }
}

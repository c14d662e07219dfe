package io.shiftadd.inference.anthropic;

import io.shiftadd.inference.conversation.Conversations;
import io.shiftadd.inference.conversation.Turn;
import io.shiftadd.inference.generation.GenerationStream;
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
@Tag(name = "Messages", description = "Answer conversations, as Anthropic's clients ask")
class MessagesController {

    private final ServedModels models;
    private final RequestJson requests;
    private final Conversations conversations;
    private final Answers answers;

    MessagesController(ServedModels models, RequestJson requests, Conversations conversations, Answers answers) {
        this.models = models;
        this.requests = requests;
        this.conversations = conversations;
        this.answers = answers;
    }

    @PostMapping(path = MessagesErrors.PATH)
    @Operation(
            operationId = "createMessage",
            summary = "Answer a conversation in Anthropic's form",
            description =
                    "The same conversations as `/v1/chat/completions` has. With `stream` the answer is server-sent"
                            + " events, each with its name: `message_start`, then for each block `content_block_start`,"
                            + " `content_block_delta` and `content_block_stop`, then `message_delta` and `message_stop`. Errors are"
                            + " `{\"type\": \"error\", \"error\": {type, message}}`. The key may stand in `x-api-key`.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = MessagesBody.class),
                            examples =
                                    @ExampleObject(
                                            "{\"model\": \"llama-mini\", \"max_tokens\": 60, \"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story.\"}]}")))
    @ApiResponse(
            responseCode = "200",
            description = "The message, or a stream of its events",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = MessageResponse.class)),
                @Content(
                        mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                        schema = @Schema(implementation = MessageEvents.Event.class),
                        examples =
                                @ExampleObject(
                                        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" time\"}}\n\n"))
            })
    void create(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        MessagesRequest asked = MessagesRequest.read(requests.read(request), ignored, false);
        ignored.report(response);
        try (ServedModels.Lease lease = models.acquire(asked.ask().model())) {
            Turn turn = conversations.begin(asked.ask(), lease.model(), request);
            MessagesAnswer answer = new MessagesAnswer(turn, AnswerHead.of("msg_", lease));
            EventLoop events = answers.events(request, lease);
            try (GenerationStream stream = turn.start()) {
                if (asked.stream()) {
                    answer.stream(stream, events, answers.stream(response));
                } else {
                    JsonAnswer out = answers.whole(response);
                    out.write(() -> answer.collect(stream, events, out));
                }
            }
        }
    }

    @PostMapping(path = MessagesErrors.PATH + "/count_tokens", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "countMessageTokens",
            summary = "Count the tokens of a conversation",
            description = "Of the prompt that the model's template makes of it, tools included.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = MessagesBody.class),
                            examples =
                                    @ExampleObject(
                                            "{\"model\": \"llama-mini\", \"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story.\"}]}")))
    MessageResponse.TokenCount count(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        MessagesRequest asked = MessagesRequest.read(requests.read(request), ignored, true);
        ignored.report(response);
        try (ServedModels.Lease lease = models.acquire(asked.ask().model())) {
            return new MessageResponse.TokenCount(conversations.promptTokens(asked.ask(), lease.model(), request));
        }
    }
}

package io.shiftadd.inference.openai.responses;

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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

@RestController
@Tag(name = "Responses", description = "Answer conversations made of items")
class ResponsesController {

    private final ServedModels models;
    private final RequestJson requests;
    private final Conversations conversations;
    private final Answers answers;

    private final KeptResponses kept;

    ResponsesController(
            ServedModels models,
            RequestJson requests,
            Conversations conversations,
            Answers answers,
            KeptResponses kept) {
        this.kept = kept;
        this.models = models;
        this.requests = requests;
        this.conversations = conversations;
        this.answers = answers;
    }

    @PostMapping(path = "/v1/responses")
    @Operation(
            operationId = "createResponse",
            summary = "Answer a conversation made of items",
            description =
                    "The same conversations as `/v1/chat/completions` has. With `stream` the answer is server-sent"
                            + " events, each with its name: `response.created`, `response.in_progress`, the items, and"
                            + " `response.completed`, `response.incomplete` or `response.failed`. Where the server keeps responses (`shiftadd.responses.keep-for`), later requests go on"
                            + " from them with `previous_response_id`.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = ResponsesBody.class),
                            examples =
                                    @ExampleObject(
                                            "{\"model\": \"llama-mini\", \"input\": \"Tell me a story.\", \"max_output_tokens\": 60}")))
    @ApiResponse(
            responseCode = "200",
            description = "The response, or a stream of its events",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = ResponseObject.class)),
                @Content(
                        mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                        schema = @Schema(implementation = ResponseEvents.Event.class),
                        examples =
                                @ExampleObject(
                                        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":4,\"output_index\":0,\"item_id\":\"msg_1\",\"content_index\":0,\"delta\":\" time\",\"logprobs\":[]}\n\n"))
            })
    void create(HttpServletRequest request, HttpServletResponse response) {
        IgnoredFields ignored = new IgnoredFields();
        JsonNode body = requests.read(request);
        ArrayNode earlier = kept.before(ResponsesRequest.previous(body), request)
                .map(KeptResponses.Kept::conversation)
                .orElseGet(JsonNodeFactory.instance::arrayNode);
        ResponsesRequest asked = ResponsesRequest.read(body, ignored, earlier);
        Keeping keeping = new Keeping(kept, request, asked.items(), asked.store() && kept.on());
        ignored.report(response);
        try (ServedModels.Lease lease = models.acquire(asked.ask().model())) {
            Turn turn = conversations.begin(asked.ask(), lease.model(), request);
            ResponseAnswer answer = new ResponseAnswer(asked, turn, AnswerHead.of("resp_", lease), keeping);
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
}

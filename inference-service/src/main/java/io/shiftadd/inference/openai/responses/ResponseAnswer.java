package io.shiftadd.inference.openai.responses;

import io.shiftadd.inference.conversation.AnswerEvent.End;
import io.shiftadd.inference.conversation.AnswerEvent.Ended;
import io.shiftadd.inference.conversation.AnswerEvent.More;
import io.shiftadd.inference.conversation.Turn;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.openai.answer.AnswerHead;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.openai.answer.JsonAnswer;
import io.shiftadd.inference.openai.answer.SseWriter;
import io.shiftadd.inference.openai.answer.StreamEnd;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.responses.ResponseObject.Incomplete;
import io.shiftadd.inference.openai.responses.ResponseObject.ResponseUsage;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes the response to one request, whole or as a stream of events. */
final class ResponseAnswer {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ResponsesRequest asked;
    private final Turn turn;
    private final AnswerHead head;
    private final Keeping keeping;

    ResponseAnswer(ResponsesRequest asked, Turn turn, AnswerHead head, Keeping keeping) {
        this.keeping = keeping;
        this.asked = asked;
        this.turn = turn;
        this.head = head;
    }

    ResponseObject collect(GenerationStream stream, EventLoop loop, JsonAnswer out) {
        return run(stream, loop, out, new OutputItems(new ResponseEvents(_ -> {})));
    }

    private ResponseObject run(GenerationStream stream, EventLoop loop, EventLoop.Answer out, OutputItems items) {
        Ended[] end = new Ended[1];
        turn.run(stream, loop, out, event -> {
            switch (event) {
                case More more -> items.add(more.part());
                case Ended ended -> end[0] = ended;
            }
        });
        Ended ended = Objects.requireNonNull(end[0], "the loop ends when the answer has");
        boolean cut = ended.end() == End.LENGTH;
        items.close(cut ? "incomplete" : "completed");
        ResponseUsage usage = ResponseUsage.of(
                turn.promptTokens(), ended.cachedTokens(), ended.generatedTokens(), ended.reasoningTokens());
        String status = cut ? "incomplete" : "completed";
        Incomplete why = cut ? new Incomplete("max_output_tokens") : null;
        ResponseObject done = response(status, null, why, items, usage, true);
        return keeping.keep(done) ? done : response(status, null, why, items, usage, false);
    }

    void stream(GenerationStream stream, EventLoop loop, SseWriter out) {
        Consumer<ResponseEvents.Event> sender = event -> out.event(event.type(), event);
        ResponseEvents events = new ResponseEvents(sender);
        OutputItems items = new OutputItems(events);
        out.write(
                () -> {
                    events.response(
                            "response.created", response("in_progress", null, null, items, null, keeping.asked()));
                    events.response(
                            "response.in_progress", response("in_progress", null, null, items, null, keeping.asked()));
                    ResponseObject done = run(stream, loop, out, items);
                    events.response("response." + done.status(), done);
                },
                new StreamEnd() {
                    @Override
                    public void failed(ApiException error, Events writer) {
                        events.response("response.failed", response("failed", error(error), null, items, null, false));
                    }
                });
    }

    private static ObjectNode error(ApiException error) {
        String code = error.status().value() == 429 ? "rate_limit_exceeded" : "server_error";
        return JSON.objectNode().put("code", code).put("message", String.valueOf(error.getMessage()));
    }

    private ResponseObject response(
            String status,
            @Nullable JsonNode error,
            @Nullable Incomplete incomplete,
            OutputItems items,
            @Nullable ResponseUsage usage,
            boolean store) {
        JsonNode body = asked.body();
        return new ResponseObject(
                head.id(),
                "response",
                head.created(),
                status,
                error,
                incomplete,
                head.model(),
                items.items(),
                usage,
                body.path("instructions").asString(null),
                asked.ask().maxTokens().isPresent() ? asked.ask().maxTokens().getAsInt() : null,
                told("metadata", JSON.objectNode()),
                asked.ask().tools().parallel(),
                body.path("previous_response_id").asString(null),
                told("reasoning", JSON.objectNode().putNull("effort").putNull("summary")),
                store,
                asked.ask().sampling().settings().temperature(),
                told("text", JSON.objectNode().set("format", JSON.objectNode().put("type", "text"))),
                told("tool_choice", JSON.stringNode("auto")),
                told("tools", JSON.arrayNode()),
                asked.ask().sampling().settings().topP(),
                "disabled");
    }

    private JsonNode told(String name, JsonNode otherwise) {
        JsonNode value = asked.body().path(name);
        return value.isMissingNode() || value.isNull() ? otherwise : value;
    }
}

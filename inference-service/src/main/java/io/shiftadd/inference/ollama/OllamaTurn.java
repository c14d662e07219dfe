package io.shiftadd.inference.ollama;

import io.shiftadd.inference.conversation.AnswerEvent;
import io.shiftadd.inference.conversation.AnswerEvent.End;
import io.shiftadd.inference.conversation.AnswerEvent.Ended;
import io.shiftadd.inference.conversation.AnswerEvent.More;
import io.shiftadd.inference.conversation.CollectedAnswer;
import io.shiftadd.inference.conversation.Turn;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.ollama.OllamaAnswer.Call;
import io.shiftadd.inference.ollama.OllamaAnswer.Called;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.openai.answer.JsonAnswer;
import io.shiftadd.inference.openai.answer.LineWriter;
import io.shiftadd.inference.syntax.AnswerPart;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes the answer to one request of its events, whole or line by line. Calls are told when they are complete. */
final class OllamaTurn {

    private final Turn turn;
    private final String model;
    private final boolean chat;
    private final long begun;
    private final long loaded = System.nanoTime();
    private final CollectedAnswer collected = new CollectedAnswer();
    private long first;
    private @Nullable Ended end;

    /** @param begun when the request came, by {@link System#nanoTime} */
    OllamaTurn(Turn turn, String model, boolean chat, long begun) {
        this.turn = turn;
        this.model = model;
        this.chat = chat;
        this.begun = begun;
    }

    OllamaAnswer collect(GenerationStream stream, EventLoop events, JsonAnswer out) {
        turn.run(stream, events, out, this::see);
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < collected.calls().size(); i++) {
            calls.add(call(i));
        }
        return last(collected.text(), collected.reasoning(), calls);
    }

    void stream(GenerationStream stream, EventLoop events, LineWriter out) {
        out.write(
                () -> {
                    turn.run(stream, events, out, event -> {
                        see(event);
                        if (event instanceof More more) {
                            tell(more.part(), out);
                        }
                    });
                    out.data(last("", "", List.of()));
                },
                OllamaErrors.IN_STREAM);
    }

    private void see(AnswerEvent event) {
        first = first == 0 ? System.nanoTime() : first;
        switch (event) {
            case More more -> collected.add(more.part());
            case Ended ended -> end = ended;
        }
    }

    private void tell(AnswerPart part, LineWriter out) {
        switch (part) {
            case AnswerPart.Said(String text) -> out.data(line(text, "", List.of()));
            case AnswerPart.Thought(String text) -> out.data(line("", text, List.of()));
            case AnswerPart.CallEnded ended -> out.data(line("", "", List.of(call(ended.call()))));
            case AnswerPart.CallBegun _ -> {}
            case AnswerPart.CallArguments _ -> {}
        }
    }

    private Call call(int number) {
        CollectedAnswer.Call call = collected.calls().get(number);
        return new Call(call.id(), new Called(number, call.name(), arguments(call.arguments())));
    }

    /** Arguments that the tokens' end has cut are no object; there is nothing to tell of them then. */
    private static JsonNode arguments(String json) {
        try {
            return JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private OllamaAnswer line(String text, String thought, List<Call> calls) {
        return answer(text, thought, calls, false, null, null, null, null, null, null, null);
    }

    private OllamaAnswer last(String text, String thought, List<Call> calls) {
        Ended ended = Objects.requireNonNull(end, "the loop ends when the answer has");
        long now = System.nanoTime();
        return answer(
                text,
                thought,
                calls,
                true,
                ended.end() == End.LENGTH ? "length" : "stop",
                now - begun,
                loaded - begun,
                turn.promptTokens(),
                first - loaded,
                ended.generatedTokens(),
                now - first);
    }

    private OllamaAnswer answer(
            String text,
            String thought,
            List<Call> calls,
            boolean done,
            @Nullable String reason,
            @Nullable Long total,
            @Nullable Long load,
            @Nullable Integer prompt,
            @Nullable Long promptNanos,
            @Nullable Integer generated,
            @Nullable Long nanos) {
        String thinking = thought.isEmpty() ? null : thought;
        OllamaAnswer.Message message =
                chat ? new OllamaAnswer.Message("assistant", text, thinking, calls.isEmpty() ? null : calls) : null;
        return new OllamaAnswer(
                model,
                Instant.now().truncatedTo(ChronoUnit.MICROS).toString(),
                message,
                chat ? null : text,
                chat ? null : thinking,
                done,
                reason,
                total,
                load,
                prompt,
                promptNanos,
                generated,
                nanos);
    }

    /**
     * What is answered when nothing was said.
     *
     * @param reason load or unload: what became of the model
     */
    static OllamaAnswer empty(String model, boolean chat, String reason) {
        return new OllamaAnswer(
                model,
                Instant.now().truncatedTo(ChronoUnit.MICROS).toString(),
                chat ? new OllamaAnswer.Message("assistant", "", null, null) : null,
                chat ? null : "",
                null,
                true,
                reason,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}

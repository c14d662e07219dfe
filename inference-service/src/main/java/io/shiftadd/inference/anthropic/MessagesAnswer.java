package io.shiftadd.inference.anthropic;

import io.shiftadd.inference.anthropic.MessageResponse.Block;
import io.shiftadd.inference.anthropic.MessageResponse.MessageUsage;
import io.shiftadd.inference.conversation.AnswerEvent.Ended;
import io.shiftadd.inference.conversation.AnswerEvent.More;
import io.shiftadd.inference.conversation.CollectedAnswer;
import io.shiftadd.inference.conversation.Turn;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.openai.answer.AnswerHead;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.openai.answer.JsonAnswer;
import io.shiftadd.inference.openai.answer.SseWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes the answer to one request of its events, whole or as a stream. */
final class MessagesAnswer {

    private final Turn turn;
    private final AnswerHead head;
    private final CollectedAnswer collected = new CollectedAnswer();
    private @Nullable Ended end;

    MessagesAnswer(Turn turn, AnswerHead head) {
        this.turn = turn;
        this.head = head;
    }

    MessageResponse collect(GenerationStream stream, EventLoop events, JsonAnswer out) {
        turn.run(stream, events, out, event -> {
            switch (event) {
                case More more -> collected.add(more.part());
                case Ended ended -> end = ended;
            }
        });
        Ended ended = Objects.requireNonNull(end, "the loop ends when the answer has");
        return message(
                blocks(),
                reason(ended),
                ended.stop(),
                MessageUsage.of(turn.promptTokens(), ended.cachedTokens(), ended.generatedTokens()));
    }

    void stream(GenerationStream stream, EventLoop events, SseWriter out) {
        MessageEvents writer = new MessageEvents(out);
        out.write(
                () -> {
                    writer.begin(message(List.of(), null, null, MessageUsage.of(turn.promptTokens(), 0, 0)));
                    turn.run(stream, events, out, event -> writer.tell(event, turn.promptTokens()));
                },
                MessagesErrors.IN_STREAM);
    }

    private MessageResponse message(
            List<Block> content, @Nullable String reason, @Nullable String stop, MessageUsage usage) {
        return new MessageResponse(head.id(), "message", "assistant", head.model(), content, reason, stop, usage);
    }

    private List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        if (!collected.reasoning().isEmpty()) {
            blocks.add(Block.thinking(collected.reasoning()));
        }
        if (!collected.text().isEmpty()) {
            blocks.add(Block.text(collected.text()));
        }
        collected.calls().forEach(call -> blocks.add(Block.toolUse(call.id(), call.name(), input(call.arguments()))));
        return blocks;
    }

    /** Arguments that the tokens' end has cut are no object; there is nothing to tell of them then. */
    private static JsonNode input(String arguments) {
        try {
            return JsonMapper.shared().readTree(arguments);
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    static String reason(Ended ended) {
        return switch (ended.end()) {
            case LENGTH -> "max_tokens";
            case CALLS -> "tool_use";
            case STOP -> ended.stop() == null ? "end_turn" : "stop_sequence";
        };
    }
}

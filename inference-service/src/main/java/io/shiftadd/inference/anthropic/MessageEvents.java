package io.shiftadd.inference.anthropic;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.shiftadd.inference.anthropic.MessageResponse.Block;
import io.shiftadd.inference.anthropic.MessageResponse.MessageUsage;
import io.shiftadd.inference.conversation.AnswerEvent;
import io.shiftadd.inference.conversation.AnswerEvent.Ended;
import io.shiftadd.inference.conversation.AnswerEvent.More;
import io.shiftadd.inference.openai.answer.SseWriter;
import io.shiftadd.inference.syntax.AnswerPart;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Writes an answer as the events of a stream: a message that begins, its blocks one after the other, its end. */
final class MessageEvents {

    private final SseWriter out;
    private int index = -1;
    private @Nullable String open;

    MessageEvents(SseWriter out) {
        this.out = out;
    }

    /** One event; which fields it has, its type says. */
    @Schema(name = "MessagesEvent")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Event(
            @Schema(
                    allowableValues = {
                        "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop",
                        "error"
                    })
            String type,

            @Schema(description = "For message_start: the message, still empty") @Nullable
            MessageResponse message,

            @Schema(description = "Number of the block", example = "0") @Nullable
            Integer index,

            @Schema(description = "For content_block_start: the block, still empty")
            @JsonProperty("content_block")
            @Nullable
            Block contentBlock,

            @Schema(description = "What is added") @Nullable Delta delta,

            @Schema(description = "For message_delta") @Nullable
            MessageUsage usage) {

        static Event of(String type) {
            return new Event(type, null, null, null, null, null);
        }
    }

    /** What is added to a block, or to the message. */
    @Schema(name = "MessagesDelta")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(
            @Schema(allowableValues = {"text_delta", "thinking_delta", "signature_delta", "input_json_delta"}) @Nullable
            String type,

            @Schema(example = " time") @Nullable String text,
            @Schema(example = "A story") @Nullable String thinking,
            @Schema(description = "Always empty") @Nullable String signature,

            @Schema(description = "More of the arguments, as JSON", example = "{\"city\":")
            @JsonProperty("partial_json")
            @Nullable
            String partialJson,

            @Schema(
                    description = "For message_delta",
                    allowableValues = {"end_turn", "max_tokens", "stop_sequence", "tool_use"})
            @JsonProperty("stop_reason")
            @Nullable
            String stopReason,

            @Schema(description = "For message_delta: the text that ended the answer")
            @JsonProperty("stop_sequence")
            @Nullable
            String stopSequence) {

        private static Delta ofText(String text) {
            return new Delta("text_delta", text, null, null, null, null, null);
        }

        private static Delta ofThought(String text) {
            return new Delta("thinking_delta", null, text, null, null, null, null);
        }

        private static Delta unsigned() {
            return new Delta("signature_delta", null, null, "", null, null, null);
        }

        private static Delta ofArguments(String text) {
            return new Delta("input_json_delta", null, null, null, text, null, null);
        }
    }

    void begin(MessageResponse empty) {
        send(new Event("message_start", empty, null, null, null, null));
    }

    private void more(AnswerPart part) {
        switch (part) {
            case AnswerPart.Said(String text) -> {
                open("text", Block.text(""));
                delta(Delta.ofText(text));
            }
            case AnswerPart.Thought(String text) -> {
                open("thinking", Block.thinking(""));
                delta(Delta.ofThought(text));
            }
            case AnswerPart.CallBegun call -> {
                close();
                open("tool_use", Block.toolUse(call.id(), call.name(), JsonNodeFactory.instance.objectNode()));
            }
            case AnswerPart.CallArguments more -> delta(Delta.ofArguments(more.text()));
            case AnswerPart.CallEnded _ -> close();
        }
    }

    private void open(String type, Block empty) {
        if (type.equals(open)) {
            return;
        }
        close();
        open = type;
        index++;
        send(new Event("content_block_start", null, index, empty, null, null));
    }

    private void delta(Delta delta) {
        send(new Event("content_block_delta", null, index, null, delta, null));
    }

    private void close() {
        if (open == null) {
            return;
        }
        if (open.equals("thinking")) {
            delta(Delta.unsigned());
        }
        open = null;
        send(new Event("content_block_stop", null, index, null, null, null));
    }

    private void end(Ended ended, int promptTokens) {
        close();
        Delta delta = new Delta(null, null, null, null, null, MessagesAnswer.reason(ended), ended.stop());
        MessageUsage usage = MessageUsage.of(promptTokens, ended.cachedTokens(), ended.generatedTokens());
        send(new Event("message_delta", null, null, null, delta, usage));
        send(Event.of("message_stop"));
    }

    void tell(AnswerEvent event, int promptTokens) {
        switch (event) {
            case More more -> more(more.part());
            case Ended ended -> end(ended, promptTokens);
        }
    }

    private void send(Event event) {
        out.event(event.type(), event);
    }
}

package io.shiftadd.inference.openai.chat;

import io.shiftadd.inference.conversation.AnswerEvent;
import io.shiftadd.inference.conversation.AnswerEvent.Ended;
import io.shiftadd.inference.conversation.AnswerEvent.More;
import io.shiftadd.inference.conversation.CollectedAnswer;
import io.shiftadd.inference.conversation.Turn;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.inference.openai.answer.AnswerHead;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.openai.answer.JsonAnswer;
import io.shiftadd.inference.openai.answer.SseWriter;
import io.shiftadd.inference.openai.answer.TokenTexts;
import io.shiftadd.inference.openai.answer.Usage;
import io.shiftadd.inference.openai.chat.ChatChunk.CallDelta;
import io.shiftadd.inference.openai.chat.ChatChunk.Delta;
import io.shiftadd.inference.syntax.AnswerPart;
import io.shiftadd.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes the answer to one chat request of its events, whole or in chunks. */
final class ChatAnswer {

    private final ChatRequest asked;
    private final Turn turn;
    private final AnswerHead head;
    private final TokenTexts texts;
    private final List<Answer> answers = new ArrayList<>();

    /** One choice as it grows. */
    private static final class Answer {
        private final CollectedAnswer collected = new CollectedAnswer();
        private final List<ScoredToken> tokens = new ArrayList<>();
        private boolean begun;
        private @Nullable Ended end;
    }

    ChatAnswer(ChatRequest asked, Turn turn, AnswerHead head, Tokenizer tokenizer) {
        this.asked = asked;
        this.turn = turn;
        this.head = head;
        this.texts = new TokenTexts(tokenizer);
        for (int i = 0; i < turn.choices(); i++) {
            answers.add(new Answer());
        }
    }

    ChatResponse collect(GenerationStream stream, EventLoop events, JsonAnswer out) {
        turn.run(stream, events, out, this::collect);
        List<ChatResponse.Choice> choices = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            Ended end = Objects.requireNonNull(answer.end, "the loop ends when all choices have");
            choices.add(new ChatResponse.Choice(i, message(answer.collected), logprobs(answer.tokens), reason(end)));
        }
        return new ChatResponse(
                head.id(), ChatResponse.OBJECT, head.created(), head.model(), head.fingerprint(), choices, usage());
    }

    private static ChatResponse.Message message(CollectedAnswer answer) {
        List<ChatResponse.ToolCall> calls = answer.calls().stream()
                .map(call -> new ChatResponse.ToolCall(
                        call.id(), "function", new ChatResponse.CalledFunction(call.name(), call.arguments())))
                .toList();
        String text = answer.text();
        return new ChatResponse.Message(
                ChatResponse.ROLE,
                text.isEmpty() && !calls.isEmpty() ? null : text,
                answer.reasoning().isEmpty() ? null : answer.reasoning(),
                calls.isEmpty() ? null : calls,
                null);
    }

    private void collect(AnswerEvent event) {
        Answer answer = answers.get(event.choice());
        switch (event) {
            case More more -> {
                answer.collected.add(more.part());
                answer.tokens.addAll(more.tokens());
            }
            case Ended ended -> {
                answer.tokens.addAll(ended.tokens());
                answer.end = ended;
            }
        }
    }

    private static String reason(Ended end) {
        return switch (end.end()) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CALLS -> "tool_calls";
        };
    }

    private ChatResponse.@Nullable Logprobs logprobs(List<ScoredToken> tokens) {
        return asked.ask().topLogprobs().isEmpty()
                ? null
                : new ChatResponse.Logprobs(tokens.stream().map(this::token).toList(), null);
    }

    private ChatResponse.Token token(ScoredToken token) {
        List<ChatResponse.Alternative> top = new ArrayList<>();
        for (ScoredToken.Alternative alternative : token.top()) {
            top.add(new ChatResponse.Alternative(
                    texts.text(alternative.id()),
                    TokenTexts.finite(alternative.logProbability()),
                    texts.byteValues(alternative.id())));
        }
        Double logProbability = token.logProbability();
        double own = logProbability == null ? 0 : TokenTexts.finite(logProbability);
        return new ChatResponse.Token(texts.text(token.id()), own, texts.byteValues(token.id()), top);
    }

    void stream(GenerationStream stream, EventLoop events, SseWriter out) {
        out.write(() -> {
            turn.run(stream, events, out, event -> write(event, out));
            if (asked.streaming().includeUsage()) {
                out.data(chunk(List.of(), JsonMapper.shared().valueToTree(usage())));
            }
        });
    }

    private void write(AnswerEvent event, SseWriter out) {
        int choice = event.choice();
        Answer answer = answers.get(choice);
        if (!answer.begun) {
            answer.begun = true;
            boolean call = event instanceof More more && more.part() instanceof AnswerPart.CallBegun;
            out.data(chunk(choice, Delta.role(call ? null : ""), null, null));
        }
        switch (event) {
            case More more -> {
                Delta delta = delta(more.part());
                if (delta != Delta.NOTHING || !more.tokens().isEmpty()) {
                    out.data(chunk(choice, delta, logprobs(more.tokens()), null));
                }
            }
            case Ended ended -> {
                answer.end = ended;
                if (!ended.tokens().isEmpty()) {
                    out.data(chunk(choice, Delta.content(""), logprobs(ended.tokens()), null));
                }
                out.data(chunk(choice, Delta.NOTHING, null, ended));
            }
        }
    }

    private static Delta delta(AnswerPart part) {
        return switch (part) {
            case AnswerPart.Said(String text) -> Delta.content(text);
            case AnswerPart.Thought(String text) -> Delta.reasoning(text);
            case AnswerPart.CallBegun(int call, String id, String name) -> Delta.call(CallDelta.begun(call, id, name));
            case AnswerPart.CallArguments(int call, String text) -> Delta.call(CallDelta.arguments(call, text));
            case AnswerPart.CallEnded _ -> Delta.NOTHING;
        };
    }

    private ChatChunk chunk(int index, Delta delta, ChatResponse.@Nullable Logprobs logprobs, @Nullable Ended end) {
        String reason = end == null ? null : reason(end);
        JsonNode usage = asked.streaming().includeUsage() ? JsonNodeFactory.instance.nullNode() : null;
        return chunk(List.of(new ChatChunk.Choice(index, delta, logprobs, reason)), usage);
    }

    private ChatChunk chunk(List<ChatChunk.Choice> choices, @Nullable JsonNode usage) {
        return new ChatChunk(
                head.id(), ChatChunk.OBJECT, head.created(), head.model(), head.fingerprint(), choices, usage);
    }

    private Usage usage() {
        int generated = 0;
        int cached = 0;
        int reasoning = 0;
        for (Answer answer : answers) {
            if (answer.end != null) {
                generated += answer.end.generatedTokens();
                reasoning += answer.end.reasoningTokens();
                cached = answer.end.cachedTokens();
            }
        }
        return Usage.of(turn.promptTokens(), generated, cached, reasoning);
    }
}

package io.shiftadd.inference.openai.chat;

import io.shiftadd.inference.generation.GenerationEvent;
import io.shiftadd.inference.generation.GenerationEvent.Finished;
import io.shiftadd.inference.generation.GenerationEvent.Text;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.generation.ScoredToken;
import io.shiftadd.inference.openai.answer.AnswerHead;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.openai.answer.FinishReasons;
import io.shiftadd.inference.openai.answer.JsonAnswer;
import io.shiftadd.inference.openai.answer.SseWriter;
import io.shiftadd.inference.openai.answer.TokenTexts;
import io.shiftadd.inference.openai.answer.Usage;
import io.shiftadd.inference.openai.request.PromptTokens;
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

    private static final String ROLE = "assistant";

    private final ChatRequest asked;
    private final PromptTokens prompt;
    private final AnswerHead head;
    private final TokenTexts texts;
    private final List<Answer> answers = new ArrayList<>();

    /** One choice as it grows. */
    private static final class Answer {
        private final StringBuilder text = new StringBuilder();
        private final List<ScoredToken> tokens = new ArrayList<>();
        private boolean begun;
        private @Nullable Finished end;
    }

    ChatAnswer(ChatRequest asked, PromptTokens prompt, AnswerHead head, Tokenizer tokenizer) {
        this.asked = asked;
        this.prompt = prompt;
        this.head = head;
        this.texts = new TokenTexts(tokenizer);
        for (int i = 0; i < asked.sampling().choices(); i++) {
            answers.add(new Answer());
        }
    }

    ChatResponse collect(GenerationStream stream, EventLoop events, JsonAnswer out) {
        events.run(stream, answers.size(), this::collect, out);
        List<ChatResponse.Choice> choices = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            Finished end = Objects.requireNonNull(answer.end, "the loop ends when all choices have");
            choices.add(new ChatResponse.Choice(
                    i,
                    new ChatResponse.Message(ROLE, answer.text.toString(), null),
                    logprobs(answer.tokens),
                    FinishReasons.name(end.reason())));
        }
        return new ChatResponse(
                head.id(), ChatResponse.OBJECT, head.created(), head.model(), head.fingerprint(), choices, usage());
    }

    private void collect(GenerationEvent event) {
        Answer answer = answers.get(event.choice());
        if (event instanceof Text text) {
            answer.text.append(text.text());
            answer.tokens.addAll(text.tokens());
        } else if (event instanceof Finished finished) {
            answer.end = finished;
        }
    }

    private ChatResponse.@Nullable Logprobs logprobs(List<ScoredToken> tokens) {
        return asked.topLogprobs().isEmpty()
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
            events.run(stream, answers.size(), event -> write(event, out), out);
            if (asked.streaming().includeUsage()) {
                out.data(chunk(List.of(), JsonMapper.shared().valueToTree(usage())));
            }
        });
    }

    private void write(GenerationEvent event, SseWriter out) {
        Answer answer = answers.get(event.choice());
        if (!answer.begun) {
            answer.begun = true;
            out.data(chunk(event.choice(), new ChatChunk.Delta(ROLE, ""), null, null));
        }
        if (event instanceof Text text) {
            ChatChunk.Delta delta = new ChatChunk.Delta(null, text.text());
            out.data(chunk(event.choice(), delta, logprobs(text.tokens()), null));
        } else if (event instanceof Finished finished) {
            answer.end = finished;
            out.data(chunk(event.choice(), new ChatChunk.Delta(null, null), null, finished));
        }
    }

    private ChatChunk chunk(
            int index, ChatChunk.Delta delta, ChatResponse.@Nullable Logprobs logprobs, @Nullable Finished end) {
        String reason = end == null ? null : FinishReasons.name(end.reason());
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
        for (Answer answer : answers) {
            generated += answer.end == null ? 0 : answer.end.generatedTokens();
            cached = answer.end == null ? cached : answer.end.cachedTokens();
        }
        return Usage.of(prompt.ids().length, generated, cached);
    }
}

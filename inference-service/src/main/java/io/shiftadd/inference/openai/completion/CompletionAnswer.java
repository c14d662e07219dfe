package io.shiftadd.inference.openai.completion;

import io.shiftadd.inference.generation.GenerationEvent;
import io.shiftadd.inference.generation.GenerationEvent.Finished;
import io.shiftadd.inference.generation.GenerationEvent.PromptScored;
import io.shiftadd.inference.generation.GenerationEvent.Text;
import io.shiftadd.inference.generation.GenerationStream;
import io.shiftadd.inference.generation.sampling.ScoredToken;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.openai.answer.AnswerHead;
import io.shiftadd.inference.openai.answer.EventLoop;
import io.shiftadd.inference.openai.answer.FinishReasons;
import io.shiftadd.inference.openai.answer.JsonAnswer;
import io.shiftadd.inference.openai.answer.SseWriter;
import io.shiftadd.inference.openai.answer.Usage;
import io.shiftadd.inference.openai.request.PromptTokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes the answer to one completion request of its events, whole or in chunks. */
final class CompletionAnswer {

    private final CompletionRequest asked;
    private final List<PromptTokens> prompts;
    private final AnswerHead head;
    private final List<Candidate> candidates = new ArrayList<>();

    /** One continuation as it grows. */
    private final class Candidate {
        private final StringBuilder text = new StringBuilder();
        private final List<ScoredToken> tokens = new ArrayList<>();
        private final @Nullable CompletionLogprobs logprobs;
        private int promptTokens;
        private boolean echoed;
        private @Nullable Finished end;

        private Candidate(PromptTokens prompt, LoadedModel model) {
            this.logprobs = asked.logprobs().isEmpty()
                    ? null
                    : new CompletionLogprobs(
                            model.tokenizer(),
                            prompt,
                            asked.echo(),
                            asked.logprobs().getAsInt() > 0);
            if (asked.echo()) {
                text.append(prompt.text());
            }
        }

        private double meanLogProbability() {
            return tokens.stream()
                    .skip(promptTokens)
                    .map(ScoredToken::logProbability)
                    .filter(p -> p != null)
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElse(Double.NEGATIVE_INFINITY);
        }

        private CompletionResponse.@Nullable Logprobs logprobs(List<ScoredToken> some) {
            return logprobs == null ? null : logprobs.of(some);
        }
    }

    CompletionAnswer(CompletionRequest asked, List<PromptTokens> prompts, AnswerHead head, LoadedModel model) {
        this.asked = asked;
        this.prompts = prompts;
        this.head = head;
        for (PromptTokens prompt : prompts) {
            for (int i = 0; i < asked.candidates(); i++) {
                candidates.add(new Candidate(prompt, model));
            }
        }
    }

    CompletionResponse collect(GenerationStream stream, EventLoop events, JsonAnswer out) {
        events.run(stream, candidates.size(), this::collect, out);
        List<CompletionResponse.Choice> choices = new ArrayList<>();
        for (int p = 0; p < prompts.size(); p++) {
            List<Candidate> ofPrompt =
                    new ArrayList<>(candidates.subList(p * asked.candidates(), (p + 1) * asked.candidates()));
            if (asked.candidates() > asked.sampling().choices()) {
                ofPrompt.sort(Comparator.comparingDouble(Candidate::meanLogProbability)
                        .reversed());
            }
            for (Candidate candidate : ofPrompt.subList(0, asked.sampling().choices())) {
                choices.add(choice(
                        choices.size(),
                        candidate.text.toString(),
                        candidate.logprobs(candidate.tokens),
                        candidate.end));
            }
        }
        return response(choices, JsonMapper.shared().valueToTree(usage()));
    }

    private void collect(GenerationEvent event) {
        Candidate candidate = candidates.get(event.choice());
        switch (event) {
            case PromptScored scored -> {
                candidate.tokens.addAll(scored.tokens());
                candidate.promptTokens = scored.tokens().size();
            }
            case Text text -> {
                candidate.text.append(text.text());
                candidate.tokens.addAll(text.tokens());
            }
            case Finished finished -> {
                candidate.tokens.addAll(finished.end());
                candidate.end = finished;
            }
            case GenerationEvent.Embedded _, GenerationEvent.Failed _ -> {}
        }
    }

    void stream(GenerationStream stream, EventLoop events, SseWriter out) {
        out.write(() -> {
            events.run(stream, candidates.size(), event -> write(event, out), out);
            if (asked.streaming().includeUsage()) {
                out.data(response(List.of(), JsonMapper.shared().valueToTree(usage())));
            }
        });
    }

    private void write(GenerationEvent event, SseWriter out) {
        Candidate candidate = candidates.get(event.choice());
        if (event instanceof PromptScored scored) {
            echo(event.choice(), scored.tokens(), out);
            return;
        }
        if (asked.echo() && !candidate.echoed) {
            echo(event.choice(), List.of(), out);
        }
        if (event instanceof Text text) {
            out.data(chunk(event.choice(), text.text(), candidate.logprobs(text.tokens()), null));
        } else if (event instanceof Finished finished) {
            candidate.end = finished;
            out.data(chunk(event.choice(), "", candidate.logprobs(finished.end()), finished));
        }
    }

    private void echo(int choice, List<ScoredToken> tokens, SseWriter out) {
        Candidate candidate = candidates.get(choice);
        candidate.echoed = true;
        out.data(chunk(choice, candidate.text.toString(), candidate.logprobs(tokens), null));
    }

    private CompletionResponse chunk(
            int index, String text, CompletionResponse.@Nullable Logprobs logprobs, @Nullable Finished end) {
        JsonNode usage = asked.streaming().includeUsage() ? JsonNodeFactory.instance.nullNode() : null;
        return response(List.of(choice(index, text, logprobs, end)), usage);
    }

    private static CompletionResponse.Choice choice(
            int index, String text, CompletionResponse.@Nullable Logprobs logprobs, @Nullable Finished end) {
        return new CompletionResponse.Choice(
                text, index, logprobs, end == null ? null : FinishReasons.name(end.reason()));
    }

    private CompletionResponse response(List<CompletionResponse.Choice> choices, @Nullable JsonNode usage) {
        return new CompletionResponse(
                head.id(), CompletionResponse.OBJECT, head.created(), head.model(), head.fingerprint(), choices, usage);
    }

    private Usage usage() {
        int prompt = prompts.stream().mapToInt(p -> p.ids().length).sum();
        int generated = 0;
        int cached = 0;
        for (int i = 0; i < candidates.size(); i++) {
            Finished end = candidates.get(i).end;
            if (end != null) {
                generated += end.generatedTokens();
                cached += i % asked.candidates() == 0 ? end.cachedTokens() : 0;
            }
        }
        return Usage.of(prompt, generated, cached);
    }
}

package io.shiftadd.inference.conversation;

import io.shiftadd.inference.conversation.AnswerRules.Rules;
import io.shiftadd.inference.generation.GenerationRequest;
import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.request.Preparation;
import io.shiftadd.inference.syntax.AnswerReader;
import io.shiftadd.inference.syntax.Reasoning;
import io.shiftadd.inference.syntax.ThinkingFirst;
import io.shiftadd.inference.syntax.ToolFormat;
import io.shiftadd.tokenizer.Tokenizer;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes of a conversation what a model is to generate, and what its answers are read with. */
@Component
public class Conversations {

    private final AnswerRules rules;
    private final Preparation preparation;

    Conversations(AnswerRules rules, Preparation preparation) {
        this.rules = rules;
        this.preparation = preparation;
    }

    /** @throws ApiException when this model cannot answer it */
    public Turn begin(Ask asked, LoadedModel model, HttpServletRequest request) {
        return preparation.of(request, () -> prepared(asked, model));
    }

    private Turn prepared(Ask asked, LoadedModel model) {
        asked.sampling().requireKnown(model);
        ConversationPrompt prompt = ConversationPrompt.of(asked, model);
        int maxTokens = prompt.tokens().room(asked.maxTokens(), Integer.MAX_VALUE, model, asked.maxTokensField());
        ToolFormat format = asked.tools().callable() ? prompt.style().format() : null;
        Set<Integer> written = written(prompt, format, model.tokenizer());
        Rules rule = rules.of(asked, prompt.style(), model, written);
        GenerationRequest request = new GenerationRequest(
                prompt.tokens().ids(),
                asked.sampling().choices(),
                maxTokens,
                asked.sampling().settingsFor(model),
                asked.sampling().seed().orElseGet(ThreadLocalRandom.current()::nextLong),
                stops(asked, prompt),
                asked.sampling().endIds(model),
                asked.topLogprobs().orElse(GenerationRequest.NO_SCORES),
                false,
                false,
                written,
                constraint(asked, prompt, rule, model, written, maxTokens));
        Reasoning marks = prompt.reasoning().orElse(null);
        return new Turn(
                model.engine(),
                request,
                asked.sampling().stops(),
                () -> new AnswerReader(
                        marks, prompt.start(), format, asked.tools().names()));
    }

    /** Tokens of the prompt that a conversation becomes. */
    public int promptTokens(Ask asked, LoadedModel model, HttpServletRequest request) {
        return preparation.of(request, () -> promptTokens(asked, model));
    }

    private static int promptTokens(Ask asked, LoadedModel model) {
        return ConversationPrompt.of(asked, model).tokens().ids().length;
    }

    private static List<String> stops(Ask asked, ConversationPrompt prompt) {
        List<String> all = new ArrayList<>(asked.sampling().stops());
        all.addAll(prompt.stops());
        return all;
    }

    /** Special tokens that stand around calls and thoughts, which are read from the text. */
    private static Set<Integer> written(ConversationPrompt prompt, @Nullable ToolFormat format, Tokenizer tokenizer) {
        List<String> marks = new ArrayList<>(format == null ? List.of() : format.marks());
        prompt.reasoning().ifPresent(reasoning -> marks.addAll(reasoning.marks()));
        Set<Integer> written = new HashSet<>();
        for (String mark : marks) {
            OptionalInt id = tokenizer.id(mark);
            if (id.isPresent() && tokenizer.isSpecial(id.getAsInt())) {
                written.add(id.getAsInt());
            }
        }
        return written;
    }

    private static @Nullable Supplier<TokenConstraint> constraint(
            Ask asked, ConversationPrompt prompt, Rules rule, LoadedModel model, Set<Integer> written, int maxTokens) {
        IntFunction<TokenConstraint> body = rule.constraint();
        boolean mayThink = prompt.reasoning().isPresent() && prompt.start() != Reasoning.Start.ENDED;
        if (!mayThink || body == null && asked.thinkingBudget().isEmpty()) {
            rule.requireRoom(0, maxTokens, asked.maxTokensField());
            return body == null ? null : () -> body.apply(maxTokens);
        }
        Reasoning reasoning = prompt.reasoning().get();
        Tokenizer tokenizer = model.tokenizer();
        int[] close = tokenizer.encode(reasoning.close(), false);
        rule.requireRoom(
                prompt.start() == Reasoning.Start.THINKING ? close.length : 0, maxTokens, asked.maxTokensField());
        ThinkingFirst.Marks marks = new ThinkingFirst.Marks(
                reasoning, tokenizer.id(reasoning.open()).orElse(-1), close);
        int budget = asked.thinkingBudget().orElse(Integer.MAX_VALUE);
        return () -> new ThinkingFirst(
                marks,
                prompt.start(),
                new ThinkingFirst.Body(body, rule.shortest()),
                budget,
                model.vocabulary(written),
                maxTokens);
    }
}

package io.shiftadd.inference.conversation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.inference.grammar.JsonGrammar;
import io.shiftadd.inference.grammar.VocabularyTrie;
import io.shiftadd.inference.grammar.rule.ChoiceRule;
import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.loading.LoadedModel;
import io.shiftadd.inference.openai.error.ApiException;
import io.shiftadd.inference.openai.structure.ResponseFormat;
import io.shiftadd.inference.openai.structure.Structure;
import io.shiftadd.inference.syntax.CallSyntax;
import io.shiftadd.inference.syntax.TextOrCalls;
import io.shiftadd.inference.syntax.ToolFormat;
import io.shiftadd.inference.syntax.ToolRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an answer is kept to: its format, and calls that meet the schemas of their tools. Remembers what it has
 * compiled: a conversation sends the same tools with every turn.
 */
@Component
class AnswerRules {

    private static final int MAX_REMEMBERED = 64;

    private final Structure structure;
    private final Cache<Key, CallSyntax> remembered = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterAccess(Duration.ofMinutes(30))
            .build();

    /** Equal tools over the same vocabulary. */
    private record Key(VocabularyTrie vocabulary, ToolFormat format, boolean parallel, String tools) {}

    /**
     * @param constraint begins to keep an answer of so many tokens; null = any text
     * @param shortest tokens of the shortest answer
     * @param cause the field that asks for it
     */
    record Rules(@Nullable IntFunction<TokenConstraint> constraint, int shortest, String cause) {

        private static Rules of(JsonGrammar grammar, String cause) {
            int shortest = grammar.shortestTokens()
                    .orElseThrow(() -> ApiException.invalid(
                            cause, "This model's vocabulary cannot spell what '" + cause + "' asks for; leave it out"));
            return new Rules(grammar::constraint, shortest, cause);
        }

        /** @param more tokens that come before */
        void requireRoom(int more, int maxTokens, String field) {
            if (constraint != null && shortest > 0 && shortest + more > maxTokens) {
                throw ApiException.invalid(
                        field,
                        "The shortest answer that '" + cause + "' allows takes " + (shortest + more)
                                + " tokens, and only " + maxTokens + " may be generated");
            }
        }
    }

    AnswerRules(Structure structure) {
        this.structure = structure;
    }

    /** @param written special tokens that are text */
    Rules of(Ask asked, ToolStyle style, LoadedModel model, Set<Integer> written) {
        VocabularyTrie vocabulary = model.vocabulary(written);
        Rule format = structure.rule(asked.format());
        if (!asked.tools().callable()) {
            return format == null
                    ? new Rules(null, 0, "")
                    : Rules.of(new JsonGrammar(format, vocabulary), ResponseFormat.where(asked.format()));
        }
        ToolUse tools = asked.tools();
        boolean parallel =
                tools.parallel() && !ToolStyle.onlySingleCalls(model.tokenizer().chatTemplate());
        if (format != null && !tools.forced()) {
            ChoiceRule either = new ChoiceRule();
            either.options(List.of(format, style.format().calls(rules(tools, style.format()), parallel)));
            either.settle();
            return Rules.of(new JsonGrammar(either, vocabulary), ResponseFormat.where(asked.format()));
        }
        CallSyntax syntax = syntax(tools, style.format(), parallel, vocabulary);
        return tools.forced()
                ? Rules.of(syntax.grammar(), "tool_choice")
                : new Rules(maxTokens -> new TextOrCalls(syntax, maxTokens), 0, "tools");
    }

    private CallSyntax syntax(ToolUse tools, ToolFormat format, boolean parallel, VocabularyTrie vocabulary) {
        StringBuilder text = new StringBuilder();
        tools.offered().forEach(tool -> text.append(tool.definition()));
        Key key = new Key(vocabulary, format, parallel, text.toString());
        return Objects.requireNonNull(
                remembered.get(key, _ -> new CallSyntax(format, rules(tools, format), parallel, vocabulary)));
    }

    private List<ToolRule> rules(ToolUse tools, ToolFormat format) {
        List<ToolRule> rules = new ArrayList<>();
        for (Tool tool : tools.offered()) {
            Rule keywords = format.isPython() ? keywords(tool) : null;
            rules.add(
                    keywords == null
                            ? new ToolRule(tool.name(), structure.rule(tool.arguments(), tool.where()), false)
                            : new ToolRule(tool.name(), keywords, true));
        }
        return rules;
    }

    /** Null when the arguments cannot all be named as a program names them. */
    private @Nullable Rule keywords(Tool tool) {
        Optional<ObjectNode> schema = tool.keywords();
        try {
            return schema.isEmpty() ? null : structure.rule(schema.get(), tool.where());
        } catch (ApiException e) {
            // A name that is asked for elsewhere is none, or the schema is refused, which is then told of the schema
            // itself.
            return null;
        }
    }
}

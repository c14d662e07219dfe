package io.shiftadd.inference.syntax;

import io.shiftadd.inference.grammar.JsonGrammar;
import io.shiftadd.inference.grammar.JsonGrammar.Begun;
import io.shiftadd.inference.grammar.VocabularyTrie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The calls that an answer may have, over the tokens of one vocabulary. Safe for use by several threads. */
public final class CallSyntax {

    private final JsonGrammar grammar;
    private final CompletingTokens beginning;
    private final VocabularyTrie vocabulary;
    private final Map<Integer, List<Opening>> openings = new ConcurrentHashMap<>();

    /**
     * A token with which a call begins.
     *
     * @param begun where its text stands after the token; null when no call goes on so
     */
    record Opening(int token, @Nullable Begun begun) {}

    /** @param parallel whether an answer may have several calls */
    public CallSyntax(ToolFormat format, List<ToolRule> tools, boolean parallel, VocabularyTrie vocabulary) {
        Set<String> names = tools.stream().map(ToolRule::name).collect(Collectors.toUnmodifiableSet());
        this.grammar = new JsonGrammar(format.calls(tools, parallel), vocabulary);
        this.beginning = new CompletingTokens(format.triggers(names), vocabulary);
        this.vocabulary = vocabulary;
    }

    /** Text that is nothing but calls. */
    public JsonGrammar grammar() {
        return grammar;
    }

    int vocabularySize() {
        return vocabulary.vocabularySize();
    }

    List<Opening> openings(int state) {
        return openings.computeIfAbsent(state, at -> {
            List<Opening> all = new ArrayList<>();
            for (CompletingTokens.Completion completion : beginning.from(at)) {
                byte[] trigger = beginning.triggers().bytes(completion.trigger());
                byte[] text = Arrays.copyOf(trigger, trigger.length + completion.after().length);
                System.arraycopy(completion.after(), 0, text, trigger.length, completion.after().length);
                all.add(new Opening(completion.token(), grammar.begun(text)));
            }
            return List.copyOf(all);
        });
    }

    int after(int state, int token) {
        return beginning.after(state, token);
    }
}

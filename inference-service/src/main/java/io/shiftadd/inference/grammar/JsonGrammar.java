package io.shiftadd.inference.grammar;

import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.inference.grammar.pattern.Work;
import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.grammar.rule.Stacks;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a rule allows, over the tokens of one vocabulary. Remembers the tokens that each position allows, for all
 * choices that use it. Safe for use by several threads.
 */
public final class JsonGrammar {

    /** Positions remembered: inside strings and between values there are few, so this is plenty. */
    private static final int MAX_REMEMBERED = 256;

    private final Stacks start;
    private final VocabularyTrie vocabulary;
    private final Map<Stacks, Allowed> remembered = Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Stacks, Allowed> eldest) {
            return size() > MAX_REMEMBERED;
        }
    });

    /**
     * @param tokens allowed
     * @param longestWayOut bytes that complete the text after the worst of them
     */
    record Allowed(BitSet tokens, int longestWayOut) {}

    /** @param root settled already */
    public JsonGrammar(Rule root, VocabularyTrie vocabulary) {
        this.start = Stacks.start(root);
        this.vocabulary = vocabulary;
    }

    /** Tokens of the shortest text there is; empty when the vocabulary cannot spell it. */
    public Optional<Integer> shortestTokens() {
        int[] spelled = vocabulary.spell(start.completion());
        return spelled == null ? Optional.empty() : Optional.of(spelled.length);
    }

    /** @param maxTokens of the whole text; at least {@link #shortestTokens()} */
    public TokenConstraint constraint(int maxTokens) {
        return new JsonConstraint(this, vocabulary, start, maxTokens);
    }

    /**
     * Where a text of this grammar stands that has begun.
     *
     * @return null when no text begins so
     */
    public @Nullable Begun begun(byte[] text) {
        Stacks at = start;
        for (byte b : text) {
            at = at == null ? null : at.next(b & 0xFF);
        }
        int[] rest = at == null ? null : vocabulary.spell(at.completion());
        return at == null || rest == null ? null : new Begun(at, rest.length);
    }

    /** A text that has begun. */
    public final class Begun {
        private final Stacks at;
        private final int shortestTokens;

        private Begun(Stacks at, int shortestTokens) {
            this.at = at;
            this.shortestTokens = shortestTokens;
        }

        /** Tokens that complete it. */
        public int shortestTokens() {
            return shortestTokens;
        }

        /** @param maxTokens of what is left; at least {@link #shortestTokens()} */
        public TokenConstraint constraint(int maxTokens) {
            return new JsonConstraint(JsonGrammar.this, vocabulary, at, maxTokens);
        }
    }

    /** @param work that it may take, when it is not known yet */
    Allowed allowed(Stacks position, Work work) {
        Allowed known = remembered.get(position);
        if (known != null) {
            return known;
        }
        BitSet tokens = new BitSet(vocabulary.vocabularySize());
        int[] longest = {0};
        vocabulary.walk(position, work, (token, reached) -> {
            int wayOut = reached.shortest();
            if (wayOut < Rule.ENDLESS) {
                tokens.set(token);
                longest[0] = Math.max(longest[0], wayOut);
            }
        });
        Allowed allowed = new Allowed(tokens, longest[0]);
        remembered.put(position, allowed);
        return allowed;
    }
}

package io.shiftadd.inference.grammar;

import io.shiftadd.inference.generation.ConstraintException;
import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.inference.grammar.JsonGrammar.Allowed;
import io.shiftadd.inference.grammar.pattern.Work;
import io.shiftadd.inference.grammar.rule.Rule;
import io.shiftadd.inference.grammar.rule.Stacks;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Keeps one choice to a grammar, and to texts that can still be completed with the tokens left. For that it always
 * knows one way out that fits: tokens that spell a shortest completion. A token is allowed when a way out that fits
 * is left after it, or when it is the next one of the way known.
 */
final class JsonConstraint implements TokenConstraint {

    /** Ways to read the text, each through the whole vocabulary, that a choice may try at once, and for each token. */
    private static final long WAYS_AT_FIRST = 200;

    private static final long WAYS_PER_TOKEN = 8;
    private static final long LEAST_NODES = 5_000;

    private final JsonGrammar grammar;
    private final VocabularyTrie vocabulary;
    private Stacks position;
    private int[] wayOut;
    private int remaining;

    /** Bytes tried, over all the ways to read the text, and spelled; spent by ambiguous grammars only. */
    private final Work work;

    private final long workPerToken;

    JsonConstraint(JsonGrammar grammar, VocabularyTrie vocabulary, Stacks start, int maxTokens) {
        this.grammar = grammar;
        this.vocabulary = vocabulary;
        this.position = start;
        this.remaining = maxTokens;
        long nodes = Math.max(LEAST_NODES, vocabulary.nodes());
        this.workPerToken = WAYS_PER_TOKEN * nodes;
        this.work = new Work(
                WAYS_AT_FIRST * nodes,
                "the schema leaves so many ways to read one text that keeping to it"
                        + " takes more work than a choice may; make its options differ earlier");
        int[] spelled = vocabulary.spell(start.completion());
        if (spelled == null || spelled.length > maxTokens) {
            throw new IllegalArgumentException("no text of this grammar fits into " + maxTokens + " tokens");
        }
        this.wayOut = spelled;
    }

    @Override
    public BitSet allowed(int remainingTokens) {
        remaining = remainingTokens;
        work.refill(workPerToken, WAYS_AT_FIRST / WAYS_PER_TOKEN * workPerToken);
        try {
            return fitting();
        } catch (Work.Spent e) {
            throw new ConstraintException(String.valueOf(e.getMessage()));
        }
    }

    private BitSet fitting() {
        Allowed allowed = grammar.allowed(position, work);
        if (allowed.longestWayOut() < remaining) {
            return allowed.tokens();
        }
        BitSet fitting = new BitSet(vocabulary.vocabularySize());
        vocabulary.walk(position, work, (token, reached) -> {
            if (fits(reached, remaining - 1)) {
                fitting.set(token);
            }
        });
        if (wayOut.length > 0) {
            fitting.set(wayOut[0]);
        }
        return fitting;
    }

    private boolean fits(Stacks reached, int tokens) {
        int bytes = reached.shortest();
        return bytes <= tokens || bytes < Rule.ENDLESS && spelledWithin(reached, tokens);
    }

    private boolean spelledWithin(Stacks reached, int tokens) {
        if (reached.shortest() > (long) tokens * vocabulary.longest()) {
            return false;
        }
        work.charge(reached.shortest());
        int[] spelled = vocabulary.spell(reached.completion());
        return spelled != null && spelled.length <= tokens;
    }

    @Override
    public void accept(int token) {
        Stacks reached = vocabulary.follow(position, token);
        if (reached == null) {
            throw new IllegalArgumentException("token " + token + " is not allowed here");
        }
        remaining--;
        position = reached;
        int[] spelled = vocabulary.spell(reached.completion());
        boolean onTheWay = wayOut.length > 0 && wayOut[0] == token;
        if (spelled != null && (spelled.length <= remaining || !onTheWay)) {
            wayOut = spelled;
        } else {
            wayOut = Arrays.copyOfRange(wayOut, 1, wayOut.length);
        }
    }

    @Override
    public boolean mayEnd() {
        return position.mayEnd();
    }

    @Override
    public boolean mustEnd() {
        return position.mustEnd();
    }
}

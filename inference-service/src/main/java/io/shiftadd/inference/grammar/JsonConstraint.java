package io.shiftadd.inference.grammar;

import io.shiftadd.inference.generation.TokenConstraint;
import io.shiftadd.inference.grammar.JsonGrammar.Allowed;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Keeps one choice to a grammar, and to texts that can still be completed with the tokens left. For that it always knows
 * one way out that fits: tokens that spell a shortest completion. A token is allowed when a way out that fits is left
 * after it, or when it is the next one of the way known.
 */
final class JsonConstraint implements TokenConstraint {

    private final JsonGrammar grammar;
    private final VocabularyTrie vocabulary;
    private Position position;
    private int[] wayOut;
    private int remaining;

    JsonConstraint(JsonGrammar grammar, VocabularyTrie vocabulary, Position start, int maxTokens) {
        this.grammar = grammar;
        this.vocabulary = vocabulary;
        this.position = start;
        this.remaining = maxTokens;
        int[] spelled = vocabulary.spell(start.completion());
        if (spelled == null || spelled.length > maxTokens) {
            throw new IllegalArgumentException("no text of this grammar fits into " + maxTokens + " tokens");
        }
        this.wayOut = spelled;
    }

    @Override
    public BitSet allowed(int remainingTokens) {
        remaining = remainingTokens;
        Allowed allowed = grammar.allowed(position);
        if (allowed.longestWayOut() < remaining) {
            return allowed.tokens();
        }
        BitSet fitting = new BitSet(vocabulary.vocabularySize());
        vocabulary.walk(position, (token, reached) -> {
            if (fits(reached, remaining - 1)) {
                fitting.set(token);
            }
        });
        if (wayOut.length > 0) {
            fitting.set(wayOut[0]);
        }
        return fitting;
    }

    private boolean fits(Position reached, int tokens) {
        int bytes = reached.shortest();
        return bytes <= tokens || bytes < Frame.ENDLESS && spelledWithin(reached, tokens);
    }

    private boolean spelledWithin(Position reached, int tokens) {
        int[] spelled = vocabulary.spell(reached.completion());
        return spelled != null && spelled.length <= tokens;
    }

    @Override
    public void accept(int token) {
        Position reached = vocabulary.follow(position, token);
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

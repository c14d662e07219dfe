package io.shiftadd.inference.syntax;

import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.inference.grammar.VocabularyTrie;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is constrained once the model has thought. The thought ends by itself, or is ended when its budget is
 * used up, or when what is left of the tokens is needed for the answer.
 */
public final class ThinkingFirst implements TokenConstraint {

    private final Marks marks;
    private final Body body;
    private final int budget;
    private final VocabularyTrie vocabulary;
    private final CompletingTokens closing;

    private @Nullable TokenConstraint answer;
    private boolean undecided;
    private boolean mayBeBlank;
    private int state = Triggers.START;
    private int thought;
    private int closed;
    private int remaining;

    /**
     * The marks as tokens.
     *
     * @param open the token that opens a thought, −1 when it is not one token
     * @param close tokens that end a thought
     */
    public record Marks(Reasoning reasoning, int open, int[] close) {}

    /**
     * What is answered after the thought.
     *
     * @param begin makes the constraint, for so many tokens; null = any text
     * @param shortest tokens that it needs
     */
    public record Body(@Nullable IntFunction<TokenConstraint> begin, int shortest) {}

    /** @param budget tokens that a thought may have */
    public ThinkingFirst(
            Marks marks, Reasoning.Start start, Body body, int budget, VocabularyTrie vocabulary, int maxTokens) {
        this.marks = marks;
        this.body = body;
        this.budget = budget;
        this.vocabulary = vocabulary;
        this.remaining = maxTokens;
        this.closing =
                new CompletingTokens(new Triggers(List.of(marks.reasoning().close()), false), vocabulary);
        this.undecided = start == Reasoning.Start.OPEN && marks.open() >= 0 && budget > 0;
        if (start != Reasoning.Start.THINKING) {
            answer = begin();
        }
    }

    private TokenConstraint begin() {
        return body.begin() == null ? AnyText.INSTANCE : body.begin().apply(remaining);
    }

    /** No constraint at all. */
    private enum AnyText implements TokenConstraint {
        INSTANCE;

        @Override
        public boolean anything() {
            return true;
        }

        @Override
        public BitSet allowed(int remainingTokens) {
            throw new IllegalStateException("whoever asks which tokens are allowed has been told that all are");
        }

        @Override
        public void accept(int token) {}

        @Override
        public boolean mayEnd() {
            return true;
        }

        @Override
        public boolean isComplete() {
            return false;
        }

        @Override
        public boolean mustEnd() {
            return false;
        }
    }

    @Override
    public boolean anything() {
        return answer == null ? !mustClose() && mayCloseAnyhow() : answer.anything();
    }

    private boolean mustClose() {
        return closed > 0 || thought >= budget || remaining <= marks.close().length + body.shortest();
    }

    /** Whether whatever ends the thought may be followed by what the same token goes on with. */
    private boolean mayCloseAnyhow() {
        return body.begin() == null || closing.from(state).stream().allMatch(completion -> isBlank(completion.after()));
    }

    @Override
    public BitSet allowed(int remainingTokens) {
        remaining = remainingTokens;
        if (answer == null) {
            return thinking();
        }
        BitSet allowed = answer.allowed(remainingTokens);
        boolean room = remaining > 1 + marks.close().length + body.shortest();
        if (undecided && room || mayBeBlank && remaining > body.shortest()) {
            allowed = (BitSet) allowed.clone();
            if (undecided) {
                allowed.set(marks.open());
            } else {
                addBlanks(allowed);
            }
        }
        return allowed;
    }

    private BitSet thinking() {
        BitSet allowed = new BitSet(vocabulary.vocabularySize());
        if (mustClose()) {
            allowed.set(marks.close()[closed]);
            return allowed;
        }
        allowed.set(0, vocabulary.vocabularySize());
        if (body.begin() != null) {
            closing.from(state).stream()
                    .filter(completion -> !isBlank(completion.after()))
                    .forEach(completion -> allowed.clear(completion.token()));
        }
        return allowed;
    }

    private void addBlanks(BitSet allowed) {
        for (int token = 0; token < vocabulary.vocabularySize(); token++) {
            byte[] bytes = vocabulary.bytes(token);
            if (bytes.length > 0 && isBlank(bytes)) {
                allowed.set(token);
            }
        }
    }

    @Override
    public void accept(int token) {
        remaining--;
        if (answer == null) {
            think(token);
        } else if (undecided && token == marks.open()) {
            undecided = false;
            answer = null;
        } else {
            undecided = false;
            boolean blank = mayBeBlank && isBlank(vocabulary.bytes(token));
            mayBeBlank = false;
            if (!blank) {
                answer.accept(token);
            }
        }
    }

    private void think(int token) {
        thought++;
        boolean ends = closing.from(state).stream().anyMatch(completion -> completion.token() == token);
        boolean forced = mustCloseWith(token);
        closed += forced ? 1 : 0;
        if (ends || closed == marks.close().length) {
            answer = begin();
            mayBeBlank = body.begin() != null;
        } else {
            state = closing.after(state, token);
        }
    }

    private boolean mustCloseWith(int token) {
        boolean due = closed > 0 || thought > budget || remaining + 1 <= marks.close().length + body.shortest();
        return due && token == marks.close()[closed];
    }

    private static boolean isBlank(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).isBlank();
    }

    @Override
    public boolean mayEnd() {
        return answer == null ? body.begin() == null && !mustClose() : answer.mayEnd();
    }

    @Override
    public boolean isComplete() {
        return answer != null && answer.isComplete();
    }

    @Override
    public boolean mustEnd() {
        return answer != null && answer.mustEnd();
    }
}

package io.shiftadd.inference.syntax;

import io.shiftadd.inference.generation.sampling.TokenConstraint;
import io.shiftadd.inference.grammar.JsonGrammar.Begun;
import io.shiftadd.inference.syntax.CallSyntax.Opening;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Any text, until a call begins: from there on what is written is calls. */
public final class TextOrCalls implements TokenConstraint {

    private final CallSyntax syntax;
    private int state = Triggers.START;
    private int remaining;
    private @Nullable TokenConstraint calls;

    public TextOrCalls(CallSyntax syntax, int maxTokens) {
        this.syntax = syntax;
        this.remaining = maxTokens;
    }

    @Override
    public boolean anything() {
        return calls == null && syntax.openings(state).stream().allMatch(this::fits);
    }

    /** Whether the call that a token begins can go on, and be complete before the tokens end. */
    private boolean fits(Opening opening) {
        return opening.begun() != null && opening.begun().shortestTokens() <= remaining - 1;
    }

    @Override
    public BitSet allowed(int remainingTokens) {
        remaining = remainingTokens;
        if (calls != null) {
            return calls.allowed(remainingTokens);
        }
        BitSet allowed = new BitSet(syntax.vocabularySize());
        allowed.set(0, syntax.vocabularySize());
        for (Opening opening : syntax.openings(state)) {
            if (!fits(opening)) {
                allowed.clear(opening.token());
            }
        }
        return allowed;
    }

    @Override
    public void accept(int token) {
        remaining--;
        if (calls != null) {
            calls.accept(token);
            return;
        }
        for (Opening opening : syntax.openings(state)) {
            Begun begun = opening.begun();
            if (opening.token() == token && begun != null) {
                calls = begun.constraint(remaining);
                return;
            }
        }
        state = syntax.after(state, token);
    }

    @Override
    public boolean mayEnd() {
        return calls == null || calls.mayEnd();
    }

    @Override
    public boolean isComplete() {
        return calls != null && calls.isComplete();
    }

    @Override
    public boolean mustEnd() {
        return calls != null && calls.mustEnd();
    }
}

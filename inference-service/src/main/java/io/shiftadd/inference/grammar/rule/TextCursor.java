package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.pattern.Automaton;
import io.shiftadd.inference.grammar.pattern.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A place within the quotes of a string whose characters an automaton allows.
 *
 * @param maximum characters of the whole; {@link Integer#MAX_VALUE} = any number
 * @param length whole characters so far; stays 0 where no maximum needs it, so that positions are equal
 * @param partial what is known of the character that has begun; stays 0 where it decides nothing, for the same reason
 */
record TextCursor(Automaton automaton, int maximum, int state, int length, StringLexer lexer, int partial) {

    /** An escape begins what the automaton tells apart only for characters that cannot stand for themselves. */
    private static final int LAST_CONTROL = 0x1F;

    static TextCursor begun(Automaton automaton, int maximum) {
        return new TextCursor(automaton, maximum, 0, 0, StringLexer.PLAIN, 0);
    }

    boolean mayEnd() {
        return lexer == StringLexer.PLAIN && automaton.mayEnd(state);
    }

    /** After one more byte, which is no closing quote; null when it is not allowed. */
    @Nullable
    TextCursor next(int nextByte) {
        StringLexer reached = lexer.next(nextByte);
        if (reached == null) {
            return null;
        }
        int only = automaton.onlyTarget(state);
        int value = only >= 0 ? 0 : lexer.value(partial, nextByte);
        if (reached == StringLexer.PLAIN) {
            return character(only >= 0 ? only : automaton.next(state, value));
        }
        boolean possible = only >= 0 ? automaton.characters(only) <= room() : best(reached, value) >= 0;
        return possible ? new TextCursor(automaton, maximum, state, length, reached, value) : null;
    }

    private @Nullable TextCursor character(int target) {
        if (target < 0 || automaton.characters(target) > room()) {
            return null;
        }
        int grown = maximum == Integer.MAX_VALUE ? 0 : length + 1;
        return new TextCursor(automaton, maximum, target, grown, StringLexer.PLAIN, 0);
    }

    /** Characters that may follow the next one. */
    private int room() {
        return maximum - length - 1;
    }

    /** The best character that may be meant by what has begun; −1 when there is none. */
    private int best(StringLexer begun, int value) {
        if (!begun.escaping()) {
            return automaton.best(state, begun.least(value), begun.greatest(value), room());
        }
        if (begun != StringLexer.ESCAPE) {
            return automaton.best(state, begun.least(value), Math.min(LAST_CONTROL, begun.greatest(value)), room());
        }
        int best = automaton.best(state, 0, LAST_CONTROL, room());
        for (int named : new int[] {'"', '\\'}) {
            int target = automaton.next(state, named);
            best = best < 0 && target >= 0 && automaton.characters(target) <= room() ? named : best;
        }
        return best;
    }

    /** Bytes of the text that leads to an end, without the closing quote. */
    int shortest() {
        if (lexer == StringLexer.PLAIN) {
            return automaton.bytes(state);
        }
        int only = automaton.onlyTarget(state);
        if (only >= 0) {
            return lexer.shortest() + automaton.bytes(only);
        }
        int character = best(lexer, partial);
        return rest(character).length + automaton.bytes(automaton.next(state, character));
    }

    void complete(ByteArrayOutputStream out) {
        int from = state;
        if (lexer != StringLexer.PLAIN) {
            from = automaton.onlyTarget(state);
            if (from >= 0) {
                lexer.complete(out);
            } else {
                int character = best(lexer, partial);
                out.writeBytes(rest(character));
                from = automaton.next(state, character);
            }
        }
        automaton.complete(from, out);
    }

    /** What is still to be written of the character that has begun. */
    private byte[] rest(int character) {
        byte[] whole = lexer == StringLexer.ESCAPE
                ? JsonText.of(character).getBytes(StandardCharsets.UTF_8)
                : lexer.escaping()
                        ? "%04x".formatted(character).getBytes(StandardCharsets.US_ASCII)
                        : Character.toString(character).getBytes(StandardCharsets.UTF_8);
        int left = lexer == StringLexer.ESCAPE ? whole.length - 1 : lexer.shortest();
        return Arrays.copyOfRange(whole, whole.length - left, whole.length);
    }
}

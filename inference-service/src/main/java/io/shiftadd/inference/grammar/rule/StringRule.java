package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.pattern.Automaton;
import io.shiftadd.inference.grammar.pattern.Languages;
import io.shiftadd.inference.grammar.pattern.Work;
import java.io.ByteArrayOutputStream;
import java.util.Objects;

/** A string: characters that an automaton allows, up to a number of them. */
public final class StringRule implements Rule {

    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Every text. */
    public static final Automaton ANY_TEXT = anyText();

    public static final StringRule ANY = new StringRule(ANY_TEXT, UNLIMITED);

    private final TextCursor begin;

    /** @param maximum characters; at least as many as the automaton's shortest text has */
    public StringRule(Automaton automaton, int maximum) {
        begin = TextCursor.begun(automaton, maximum);
    }

    private static Automaton anyText() {
        Languages languages = new Languages(new Work(1_000, "every text"));
        return Objects.requireNonNull(languages.automaton(languages.all()));
    }

    /** Whether every string of the other rule is one of this. */
    boolean covers(StringRule other) {
        boolean all = begin.automaton() == other.begin.automaton();
        return (all || begin.automaton() == ANY_TEXT) && begin.maximum() >= other.begin.maximum();
    }

    @Override
    public void start(int first, Stacks below, Reached out) {
        if (first == '"') {
            out.add(new StringFrame(begin), below);
        }
    }

    @Override
    public int shortest() {
        return 2 + begin.shortest();
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        out.write('"');
        new StringFrame(begin).complete(out);
    }

    private record StringFrame(TextCursor cursor) implements Frame {

        @Override
        public void step(int next, Stacks below, Reached out) {
            if (next == '"' && cursor.lexer() == StringLexer.PLAIN) {
                if (cursor.mayEnd()) {
                    out.add(below);
                }
                return;
            }
            TextCursor reached = cursor.next(next);
            if (reached != null) {
                out.add(new StringFrame(reached), below);
            }
        }

        @Override
        public int shortest() {
            return cursor.shortest() + 1;
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            cursor.complete(out);
            out.write('"');
        }
    }
}

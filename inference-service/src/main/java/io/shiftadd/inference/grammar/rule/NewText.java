package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.pattern.Automaton;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text that has begun and must differ from others in the end. Escapes are not allowed, so that equal texts are equal
 * bytes. Immutable; equal for the same bytes of the same kind of text.
 */
final class NewText {

    private final TextCursor cursor;
    /** The bytes so far, each as one ISO 8859-1 character. */
    private final Names bytes;
    /** What is left of the others that begin with these bytes, as bytes. */
    private final Set<String> rivals;

    private NewText(TextCursor cursor, Names bytes, Set<String> rivals) {
        this.cursor = cursor;
        this.bytes = bytes;
        this.rivals = rivals;
    }

    /** @param taken the others */
    static NewText begun(Automaton automaton, Collection<String> taken) {
        Set<String> rivals = new HashSet<>();
        taken.forEach(other -> rivals.add(bytes(other)));
        return new NewText(TextCursor.begun(automaton, Integer.MAX_VALUE), Names.NONE, rivals);
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String text(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** After one more byte; null when it is not allowed. */
    @Nullable
    NewText with(int next) {
        TextCursor reached = next == '\\' ? null : cursor.next(next);
        if (reached == null) {
            return null;
        }
        Set<String> left = new HashSet<>();
        for (String rival : rivals) {
            if (!rival.isEmpty() && rival.charAt(0) == next) {
                left.add(rival.substring(1));
            }
        }
        return new NewText(reached, bytes.with(Character.toString(next)), left);
    }

    /** Whether no character has begun that is not whole. */
    boolean isBetweenCharacters() {
        return cursor.lexer() == StringLexer.PLAIN;
    }

    boolean mayEnd() {
        return cursor.mayEnd() && !rivals.contains("");
    }

    /** Whether every end makes it differ. */
    boolean differs() {
        return rivals.isEmpty();
    }

    String text() {
        return text(bytes.joined());
    }

    String textWith(byte[] rest) {
        return text(bytes.joined() + new String(rest, StandardCharsets.ISO_8859_1));
    }

    /** Bytes of the text that leads to an end, whether that differs or not. */
    int nearest() {
        return cursor.shortest();
    }

    /** Bytes that make it a text of its own; null when there are none. */
    byte @Nullable [] rest() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (rivals.isEmpty()) {
            cursor.complete(out);
            return out.toByteArray();
        }
        NewText whole = this;
        if (!isBetweenCharacters()) {
            cursor.complete(out);
            byte[] rest = out.toByteArray();
            out.reset();
            for (int i = 0; whole != null && !whole.isBetweenCharacters(); i++) {
                out.write(rest[i]);
                whole = whole.with(rest[i] & 0xFF);
            }
        }
        if (whole == null) {
            return null;
        }
        Set<String> left = new HashSet<>();
        whole.rivals.forEach(rival -> left.add(text(rival)));
        String more = cursor.automaton().completionExcept(whole.cursor.state(), left);
        if (more == null) {
            return null;
        }
        out.writeBytes(more.getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NewText text && cursor.equals(text.cursor) && bytes.equals(text.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * bytes.hashCode() + cursor.hashCode();
    }
}

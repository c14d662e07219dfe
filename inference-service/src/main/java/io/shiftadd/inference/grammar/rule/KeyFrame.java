package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.rule.ObjectRule.Others;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that no property lists, after its opening quote. Escapes are not allowed, so that equal names are equal bytes
 * and no name comes twice.
 */
final class KeyFrame implements Frame {

    private final ObjectFrame object;
    private final Others others;
    private final Names name;
    private final TextCursor cursor;
    /** What is left of the names already taken that begin with this name, as bytes. */
    private final Set<String> rivals;

    /**
     * @param object where the key belongs; not on the stack until the key is complete
     * @param name the bytes so far, each as one ISO 8859-1 character
     */
    private KeyFrame(ObjectFrame object, Others others, Names name, TextCursor cursor, Set<String> rivals) {
        this.object = object;
        this.others = others;
        this.name = name;
        this.cursor = cursor;
        this.rivals = rivals;
    }

    static KeyFrame begun(ObjectFrame object, Others others) {
        Set<String> rivals = new HashSet<>();
        object.taken().forEach(taken -> rivals.add(bytes(taken)));
        return new KeyFrame(object, others, Names.NONE, TextCursor.begun(others.names(), Integer.MAX_VALUE), rivals);
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String text(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    public void step(int next, Stacks below, Reached out) {
        if (next == '"' && cursor.lexer() == StringLexer.PLAIN) {
            if (cursor.mayEnd() && !rivals.contains("")) {
                out.add(object.afterKey(text(name.joined()), others.rule()), below);
            }
            return;
        }
        KeyFrame longer = next == '\\' ? null : with(next);
        if (longer != null) {
            out.add(longer, below);
        }
    }

    private @Nullable KeyFrame with(int next) {
        TextCursor reached = cursor.next(next);
        if (reached == null) {
            return null;
        }
        Set<String> left = new HashSet<>();
        for (String rival : rivals) {
            if (!rival.isEmpty() && rival.charAt(0) == next) {
                left.add(rival.substring(1));
            }
        }
        return new KeyFrame(object, others, name.with(Character.toString(next)), reached, left);
    }

    /** Bytes that make it a name of its own; null when there are none. */
    private byte @Nullable [] rest() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (rivals.isEmpty()) {
            cursor.complete(out);
            return out.toByteArray();
        }
        KeyFrame whole = this;
        if (cursor.lexer() != StringLexer.PLAIN) {
            cursor.complete(out);
            byte[] rest = out.toByteArray();
            out.reset();
            for (int i = 0; whole != null && whole.cursor.lexer() != StringLexer.PLAIN; i++) {
                out.write(rest[i]);
                whole = whole.with(rest[i] & 0xFF);
            }
        }
        if (whole == null) {
            return null;
        }
        Set<String> left = new HashSet<>();
        whole.rivals.forEach(rival -> left.add(text(rival)));
        String more = others.names().completionExcept(whole.cursor.state(), left);
        if (more == null) {
            return null;
        }
        out.writeBytes(more.getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    @Override
    public int shortest() {
        if (rivals.isEmpty() && !object.rule().counts()) {
            return Rule.sum(cursor.shortest() + 1, after("").shortest());
        }
        byte[] rest = rest();
        return rest == null
                ? Rule.ENDLESS
                : Rule.sum(rest.length + 1, after(nameWith(rest)).shortest());
    }

    private ObjectFrame after(String whole) {
        return object.afterKey(whole, others.rule());
    }

    private String nameWith(byte[] rest) {
        return text(name.joined() + new String(rest, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void complete(ByteArrayOutputStream out) {
        byte[] rest = Objects.requireNonNull(rest());
        out.writeBytes(rest);
        out.write('"');
        after(nameWith(rest)).complete(out);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyFrame key
                && cursor.equals(key.cursor)
                && others == key.others
                && name.equals(key.name)
                && object.equals(key.object);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + cursor.hashCode();
    }
}

package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that no property lists, after its opening quote. Escapes are not allowed, so that equal names are equal bytes and
 * no name comes twice.
 */
final class KeyFrame implements Frame {

    private final ObjectFrame object;
    private final Rule value;
    private final Names name;
    private final StringLexer lexer;
    /** What is left of the names already taken that begin with this name. */
    private final List<String> rivals;

    /**
     * @param object where the key belongs; not on the stack until the key is complete
     * @param name the bytes so far, each as one ISO 8859-1 character
     */
    private KeyFrame(ObjectFrame object, Rule value, Names name, StringLexer lexer, List<String> rivals) {
        this.object = object;
        this.value = value;
        this.name = name;
        this.lexer = lexer;
        this.rivals = rivals;
    }

    static KeyFrame begun(ObjectFrame object, Rule value) {
        List<String> rivals =
                object.keys().stream().map(KeyFrame::bytesWithinQuotes).toList();
        return new KeyFrame(object, value, Names.NONE, StringLexer.PLAIN, rivals);
    }

    @Override
    public void step(int next, Stack below, List<Stack> out) {
        if (lexer == StringLexer.PLAIN && next == '"') {
            if (!rivals.contains("")) {
                out.add(below.push(object.afterKey(quoted(), value)));
            }
            return;
        }
        StringLexer reached = next == '\\' ? null : lexer.next(next);
        if (reached != null) {
            out.add(below.push(append(next, reached)));
        }
    }

    private KeyFrame append(int next, StringLexer reached) {
        List<String> left = rivals.isEmpty() ? rivals : after((char) next);
        return new KeyFrame(object, value, name.with(Character.toString(next)), reached, left);
    }

    private List<String> after(char next) {
        return rivals.stream()
                .filter(rival -> !rival.isEmpty() && rival.charAt(0) == next)
                .map(rival -> rival.substring(1))
                .toList();
    }

    @Override
    public int shortest() {
        int rest = rivals.isEmpty() ? lexer.shortest() : rest().length;
        return Frame.sum(rest + 1, object.afterKey("", value).shortest());
    }

    @Override
    public void complete(ByteArrayOutputStream out) {
        out.writeBytes(rest());
        out.write('"');
        object.afterKey("", value).complete(out);
    }

    /** What makes the name a new one: the end of its last character, and digits when it is taken. */
    private byte[] rest() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        lexer.complete(out);
        KeyFrame whole = this;
        for (byte b : out.toByteArray()) {
            whole = whole.append(b & 0xFF, StringLexer.PLAIN);
        }
        out.writeBytes(unused(whole.rivals).getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** The shortest digits, possibly none, that are not what is left of a name already taken. */
    static String unused(List<String> taken) {
        if (!taken.contains("")) {
            return "";
        }
        int number = 0;
        while (taken.contains(Integer.toString(number))) {
            number++;
        }
        return Integer.toString(number);
    }

    static String bytesWithinQuotes(String key) {
        byte[] bytes = key.substring(1, key.length() - 1).getBytes(StandardCharsets.UTF_8);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String quoted() {
        byte[] bytes = name.joined().getBytes(StandardCharsets.ISO_8859_1);
        return "\"" + new String(bytes, StandardCharsets.UTF_8) + "\"";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyFrame key
                && lexer == key.lexer
                && value == key.value
                && name.equals(key.name)
                && object.equals(key.object);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + lexer.ordinal();
    }
}

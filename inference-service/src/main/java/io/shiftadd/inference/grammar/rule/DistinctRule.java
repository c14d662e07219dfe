package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.pattern.Automaton;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An array of scalars of which no two are equal. Each value is spelled in one way only, so that equal values are equal
 * texts.
 */
public final class DistinctRule implements Rule {

    private static final String QUOTE = "\"";

    private final @Nullable Automaton strings;
    private final @Nullable Automaton others;
    private final int minimum;
    private final int maximum;
    private final int shortest;

    /**
     * @param strings what may stand between quotes, without escapes; null = no strings
     * @param others texts of numbers, true, false and null; null = none
     */
    public DistinctRule(@Nullable Automaton strings, @Nullable Automaton others, int minimum, int maximum) {
        this.strings = strings;
        this.others = others;
        this.minimum = minimum;
        this.maximum = maximum;
        this.shortest = Rule.sum(1, begun().shortest());
    }

    @Override
    public void start(int first, Stacks below, Reached out) {
        if (first == '[') {
            out.add(begun(), below);
        }
    }

    private ArrayFrame begun() {
        return new ArrayFrame(this, Phase.BEGUN, Names.NONE, 0, Whitespace.NONE);
    }

    @Override
    public int shortest() {
        return shortest;
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        out.write('[');
        begun().complete(out);
    }

    /** Short elements that differ from those used and from each other; null when there are not so many. */
    private @Nullable List<String> more(Names used, int count) {
        List<String> more = new ArrayList<>();
        Names taken = used;
        for (int i = 0; i < count; i++) {
            String string = next(strings, taken, true);
            String other = next(others, taken, false);
            String next = string == null || other != null && other.length() < string.length() ? other : string;
            if (next == null) {
                return null;
            }
            more.add(next);
            taken = taken.with(next);
        }
        return more;
    }

    private static @Nullable String next(@Nullable Automaton texts, Names taken, boolean quoted) {
        byte[] rest =
                texts == null ? null : NewText.begun(texts, of(taken, quoted)).rest();
        return rest == null ? null : element(new String(rest, StandardCharsets.UTF_8), quoted);
    }

    private static String element(String text, boolean quoted) {
        return quoted ? QUOTE + text + QUOTE : text;
    }

    /** Those that are strings, without their quotes, or those that are none. */
    private static List<String> of(Names elements, boolean quoted) {
        return elements.all().stream()
                .filter(element -> element.startsWith(QUOTE) == quoted)
                .map(element -> quoted ? element.substring(1, element.length() - 1) : element)
                .toList();
    }

    private enum Phase {
        BEGUN,
        COMMA,
        ELEMENT
    }

    /** @param used texts of the elements so far */
    private record ArrayFrame(DistinctRule rule, Phase phase, Names used, int count, int blanks) implements Frame {

        @Override
        public void step(int next, Stacks below, Reached out) {
            if (Whitespace.is(next)) {
                int longer = Whitespace.longer(blanks, next);
                if (longer > 0) {
                    out.add(new ArrayFrame(rule, phase, used, count, longer), below);
                }
            } else if (next == ']' && phase != Phase.COMMA && count >= rule.minimum) {
                out.add(below);
            } else if (count < rule.maximum && phase != Phase.ELEMENT) {
                element(next, below, out);
            } else if (next == ',' && count < rule.maximum) {
                out.add(new ArrayFrame(rule, Phase.COMMA, used, count, Whitespace.NONE), below);
            }
        }

        private void element(int next, Stacks below, Reached out) {
            if (next == '"' && rule.strings != null) {
                out.add(new ElementFrame(this, true, NewText.begun(rule.strings, of(used, true))), below);
            } else if (rule.others != null) {
                new ElementFrame(this, false, NewText.begun(rule.others, of(used, false))).step(next, below, out);
            }
        }

        private ArrayFrame after(String element) {
            return new ArrayFrame(rule, Phase.ELEMENT, used.with(element), count + 1, Whitespace.NONE);
        }

        /** Elements that must still come; after a comma at least one. */
        private int missing() {
            return Math.max(phase == Phase.COMMA ? 1 : 0, rule.minimum - count);
        }

        @Override
        public int shortest() {
            int missing = missing();
            List<String> more = missing == 0 ? List.of() : rule.more(used, missing);
            if (more == null || count + missing > rule.maximum) {
                return Rule.ENDLESS;
            }
            int commas = phase == Phase.ELEMENT ? missing : Math.max(0, missing - 1);
            return 1 + commas + more.stream().mapToInt(UniqueValues::bytes).sum();
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            String separator = phase == Phase.ELEMENT ? "," : "";
            for (String element : Objects.requireNonNull(rule.more(used, missing()))) {
                out.writeBytes(UniqueValues.utf8(separator + element));
                separator = ",";
            }
            out.write(']');
        }
    }

    /** An element that has begun. */
    private record ElementFrame(ArrayFrame array, boolean quoted, NewText text) implements Frame {

        @Override
        public void step(int next, Stacks below, Reached out) {
            if (quoted && next == '"' && text.isBetweenCharacters()) {
                if (text.mayEnd()) {
                    out.add(array.after(element(text.text(), true)), below);
                }
                return;
            }
            NewText longer = text.with(next);
            if (longer != null) {
                out.add(new ElementFrame(array, quoted, longer), below);
            } else if (!quoted && text.mayEnd()) {
                // What ends the element is no part of it.
                array.after(text.text()).step(next, below, out);
            }
        }

        @Override
        public int shortest() {
            int quote = quoted ? 1 : 0;
            if (text.differs() && array.count + 1 >= array.rule.minimum) {
                return text.nearest() + quote + 1;
            }
            byte[] rest = text.rest();
            return rest == null
                    ? Rule.ENDLESS
                    : Rule.sum(rest.length + quote, afterWith(rest).shortest());
        }

        private ArrayFrame afterWith(byte[] rest) {
            return array.after(element(text.textWith(rest), quoted));
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            byte[] rest = Objects.requireNonNull(text.rest());
            out.writeBytes(rest);
            if (quoted) {
                out.write('"');
            }
            afterWith(rest).complete(out);
        }
    }
}

package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array: some elements with rules of their own, then elements of one rule; or different ones of a list of values.
 */
public final class ArrayRule implements Rule {

    public static final int UNLIMITED = Integer.MAX_VALUE;

    private final List<Rule> first;
    private final Rule others;
    private final @Nullable UniqueValues values;
    private final int minimum;
    private final int maximum;
    private int shortest = ENDLESS;
    /** Elements that can come: none has a place after one that is impossible. */
    private int possible;

    /** By index, up to the elements with rules of their own: bytes of those before it, without commas. */
    private final int[] lengthBefore;

    private ArrayRule(List<Rule> first, Rule others, @Nullable UniqueValues values, int minimum, int maximum) {
        this.first = List.copyOf(first);
        this.others = others;
        this.values = values;
        this.minimum = minimum;
        this.maximum = maximum;
        this.possible = maximum;
        this.lengthBefore = new int[first.size() + 1];
    }

    public static ArrayRule of(List<Rule> first, Rule others, int minimum, int maximum) {
        return new ArrayRule(first, others, null, minimum, maximum);
    }

    /** @param texts of the values, none of which may come twice */
    public static ArrayRule unique(List<String> texts, int minimum, int maximum) {
        Rule any = new LiteralRule(texts);
        return new ArrayRule(List.of(), any, new UniqueValues(texts), minimum, Math.min(maximum, texts.size()));
    }

    @Override
    public void start(int next, Stacks below, Reached out) {
        if (next == '[') {
            out.add(begun(), below);
        }
    }

    private ArrayFrame begun() {
        return new ArrayFrame(this, Phase.BEGUN, 0, UniqueValues.NONE, 0);
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

    @Override
    public boolean settle() {
        int before = shortest;
        possible = maximum;
        for (int i = 0; i < first.size(); i++) {
            lengthBefore[i + 1] = Rule.sum(lengthBefore[i], first.get(i).shortest());
            if (!first.get(i).possible()) {
                possible = Math.min(possible, i);
            }
        }
        if (!others.possible()) {
            possible = Math.min(possible, first.size());
        }
        shortest = Rule.sum(1, begun().shortest());
        return shortest != before;
    }

    public Rule element(int index) {
        return index < first.size() ? first.get(index) : others;
    }

    public int minimum() {
        return minimum;
    }

    /** Bytes of so many elements, without commas. */
    private int length(int from, int count) {
        int to = from + count;
        int own = lengthBefore[Math.min(to, first.size())] - lengthBefore[Math.min(from, first.size())];
        int more = Math.max(0, to - Math.max(from, first.size()));
        return Rule.sum(own, Rule.times(more, more == 0 ? 0 : others.shortest()));
    }

    private enum Phase {
        BEGUN,
        COMMA,
        ELEMENT
    }

    /**
     * @param elements that have begun; stays 0 where their number no longer matters, so that positions are equal
     * @param used values, where they must differ
     */
    private record ArrayFrame(ArrayRule rule, Phase phase, int elements, BitSet used, int blanks) implements Frame {

        @Override
        public void step(int next, Stacks below, Reached out) {
            if (Whitespace.is(next)) {
                int longer = Whitespace.longer(blanks, next);
                if (longer > 0) {
                    out.add(new ArrayFrame(rule, phase, elements, used, longer), below);
                }
                return;
            }
            if (next == ']' && phase != Phase.COMMA && elements >= rule.minimum) {
                out.add(below);
            }
            if (phase == Phase.ELEMENT) {
                if (next == ',' && elements < rule.possible) {
                    out.add(new ArrayFrame(rule, Phase.COMMA, elements, used, 0), below);
                }
            } else if (elements < rule.possible) {
                element(next, below, out);
            }
        }

        private void element(int next, Stacks below, Reached out) {
            if (rule.values == null) {
                Rule element = rule.element(elements);
                ArrayFrame after = new ArrayFrame(rule, Phase.ELEMENT, counted(), used, 0);
                element.start(next, below.push(after), out);
            } else {
                new UniqueFrame(this, rule.values.words()).step(next, below, out);
            }
        }

        private int counted() {
            int limit = Math.max(rule.first.size(), rule.minimum);
            return rule.possible == UNLIMITED && elements >= limit ? elements : elements + 1;
        }

        private ArrayFrame after(int value) {
            return new ArrayFrame(rule, Phase.ELEMENT, elements + 1, UniqueValues.with(used, value), 0);
        }

        @Override
        public int shortest() {
            int missing = missing();
            if (missing > rule.possible - elements) {
                return Rule.ENDLESS;
            }
            int commas = phase == Phase.ELEMENT ? missing : Math.max(0, missing - 1);
            int length = rule.values == null
                    ? rule.length(elements, missing)
                    : rule.values.shortest(used, missing).stream()
                            .mapToInt(UniqueValues::bytes)
                            .sum();
            return Rule.sum(1 + commas, length);
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            int missing = missing();
            List<String> values = rule.values == null ? List.of() : rule.values.shortest(used, missing);
            for (int i = 0; i < missing; i++) {
                if (i > 0 || phase == Phase.ELEMENT) {
                    out.write(',');
                }
                if (rule.values == null) {
                    rule.element(elements + i).writeShortest(out);
                } else {
                    out.writeBytes(UniqueValues.utf8(values.get(i)));
                }
            }
            out.write(']');
        }

        /** Elements that must still come; after a comma at least one. */
        private int missing() {
            return Math.max(phase == Phase.COMMA ? 1 : 0, rule.minimum - elements);
        }
    }

    /** An element that must differ from those before it: {@code 1} may be whole, or begin {@code 12}. */
    private record UniqueFrame(ArrayFrame array, Words at) implements Frame {

        @Override
        public void step(int next, Stacks below, Reached out) {
            Words reached = at.next(next);
            if (reached == null) {
                return;
            }
            int word = reached.word();
            if (word != Words.NONE && !array.used.get(word)) {
                out.add(array.after(word), below);
            }
            if (!reached.isLeaf()) {
                out.add(new UniqueFrame(array, reached), below);
            }
        }

        /** A value that is longer than what stands here, and not used; {@link Words#NONE} when there is none. */
        private int first() {
            return at.from(0)
                    .filter(value -> value != at.word() && !array.used.get(value))
                    .findFirst()
                    .orElse(Words.NONE);
        }

        @Override
        public int shortest() {
            int value = first();
            return value == Words.NONE
                    ? Rule.ENDLESS
                    : Rule.sum(rest(value).length, array.after(value).shortest());
        }

        private byte[] rest(int value) {
            return at.rest(array.rule.values == null ? "" : array.rule.values.text(value));
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            int value = first();
            out.writeBytes(rest(value));
            array.after(value).complete(out);
        }
    }
}

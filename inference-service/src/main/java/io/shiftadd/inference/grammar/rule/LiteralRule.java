package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;
import java.util.Collection;
import java.util.List;

/** One of a fixed set of texts: true, false, null, or the values of enum and const. */
public final class LiteralRule implements Rule {

    public static final LiteralRule NULL = new LiteralRule(List.of("null"));
    public static final LiteralRule BOOLEAN = new LiteralRule(List.of("true", "false"));

    private final Words words;

    public LiteralRule(Collection<String> texts) {
        words = Words.of(texts.stream().distinct().toList());
    }

    @Override
    public void start(int first, Stacks below, Reached out) {
        new LiteralFrame(words).step(first, below, out);
    }

    @Override
    public int shortest() {
        return words.shortest();
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        words.complete(out);
    }

    private record LiteralFrame(Words at) implements Frame {

        @Override
        public void step(int next, Stacks below, Reached out) {
            Words reached = at.next(next);
            if (reached == null) {
                return;
            }
            if (reached.isLeaf()) {
                out.add(below);
            } else {
                out.add(new LiteralFrame(reached), below);
            }
        }

        @Override
        public boolean mayEnd() {
            return at.word() != Words.NONE;
        }

        @Override
        public int shortest() {
            return at.shortest();
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            at.complete(out);
        }
    }
}

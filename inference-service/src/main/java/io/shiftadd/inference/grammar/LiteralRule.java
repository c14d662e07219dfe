package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One of a fixed set of texts: true, false, null, or the values of enum and const. */
final class LiteralRule implements Rule {

    static final LiteralRule NULL = new LiteralRule(List.of("null"));
    static final LiteralRule BOOLEAN = new LiteralRule(List.of("true", "false"));

    private final Branch root = new Branch();

    LiteralRule(Collection<String> texts) {
        for (String text : texts) {
            root.add(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Frame that expects the rest of one text. */
    static Frame rest(String text) {
        return new LiteralFrame(new LiteralRule(List.of(text)).root);
    }

    @Override
    public void start(int first, Stack below, List<Stack> out) {
        new LiteralFrame(root).step(first, below, out);
    }

    @Override
    public int shortest() {
        return root.shortest;
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        new LiteralFrame(root).complete(out);
    }

    /** Texts by their next byte. */
    private static final class Branch {
        private final Map<Integer, Branch> next = new TreeMap<>();
        private boolean end;
        private int shortest = Frame.ENDLESS;

        private void add(byte[] text) {
            Branch at = this;
            for (int i = 0; i < text.length; i++) {
                at.shortest = Math.min(at.shortest, text.length - i);
                at = at.next.computeIfAbsent(text[i] & 0xFF, b -> new Branch());
            }
            at.shortest = 0;
            at.end = true;
        }
    }

    private record LiteralFrame(Branch at) implements Frame {

        @Override
        public void step(int next, Stack below, List<Stack> out) {
            Branch reached = at.next.get(next);
            if (reached != null) {
                out.add(reached.next.isEmpty() ? below : below.push(new LiteralFrame(reached)));
            }
        }

        @Override
        public boolean mayEnd() {
            return at.end;
        }

        @Override
        public int shortest() {
            return at.shortest;
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            Branch branch = at;
            while (!branch.end) {
                int wanted = branch.shortest - 1;
                for (Map.Entry<Integer, Branch> option : branch.next.entrySet()) {
                    if (option.getValue().shortest == wanted) {
                        out.write(option.getKey());
                        branch = option.getValue();
                        break;
                    }
                }
            }
        }
    }
}

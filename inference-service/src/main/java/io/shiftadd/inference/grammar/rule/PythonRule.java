package io.shiftadd.inference.grammar.rule;

import io.shiftadd.inference.grammar.rule.PythonArguments.Step;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of another rule as the arguments of a call in Python, in parentheses: each argument as {@code
 * name=value}, or all together as {@code **{…}}. Inside, the other rule is followed byte by byte.
 */
public final class PythonRule implements Rule {

    /** Two stars and a parenthesis more than the object; one for the parenthesis that opens. */
    private static final int AROUND = 4;

    private final Rule object;
    private final boolean keywords;
    private final Stacks start;

    /**
     * @param object settled already
     * @param keywords whether all names of its properties are identifiers
     */
    public PythonRule(Rule object, boolean keywords) {
        this.object = object;
        this.keywords = keywords;
        this.start = Stacks.start(object);
    }

    @Override
    public void start(int first, Stacks below, Reached out) {
        begun().step(first, below, out);
    }

    private PythonFrame begun() {
        return new PythonFrame(this, PythonArguments.START, start);
    }

    @Override
    public int shortest() {
        return Rule.sum(AROUND, object.shortest());
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        begun().complete(out);
    }

    /**
     * @param text how far it is read
     * @param json what that says, as far as the object's rule is concerned
     */
    private record PythonFrame(PythonRule rule, PythonArguments text, Stacks json) implements Frame {

        @Override
        public void step(int next, Stacks below, Reached out) {
            Step step = text.read(next);
            if (step == null || !rule.keywords && step.after().place() == PythonArguments.Place.NAME) {
                return;
            }
            Stacks reached = follow(step.json(), out);
            if (reached == null) {
                return;
            }
            if (!step.after().isOver()) {
                out.add(new PythonFrame(rule, step.after(), reached), below);
            } else if (reached.mayEnd()) {
                out.add(below);
            }
        }

        private @Nullable Stacks follow(String said, Reached out) {
            Stacks at = json;
            for (int i = 0; i < said.length() && at != null; i++) {
                at = at.next(said.charAt(i), out.work());
            }
            return at;
        }

        /** A bound: names have no quotes here. */
        @Override
        public int shortest() {
            return Rule.sum(AROUND, json.shortest());
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            PythonArguments at = text;
            if (at.place() == PythonArguments.Place.BEGIN) {
                at = write("(", at, out);
            }
            for (byte b : json.completion()) {
                at = write(at.written(b & 0xFF, rule.keywords), at, out);
            }
            if (at.place() == PythonArguments.Place.CLOSING) {
                write(")", at, out);
            }
        }

        private static PythonArguments write(String written, PythonArguments from, ByteArrayOutputStream out) {
            PythonArguments at = from;
            for (int i = 0; i < written.length(); i++) {
                out.write(written.charAt(i));
                Step step = at.read(written.charAt(i));
                if (step == null) {
                    throw new IllegalStateException("arguments are not written as they are read: " + written);
                }
                at = step.after();
            }
            return at;
        }
    }
}

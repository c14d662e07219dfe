package io.shiftadd.inference.syntax;

import io.shiftadd.inference.grammar.rule.PythonArguments;
import io.shiftadd.inference.syntax.AnswerPart.CallArguments;
import io.shiftadd.inference.syntax.AnswerPart.CallBegun;
import io.shiftadd.inference.syntax.AnswerPart.CallEnded;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls as Python has them, {@code get_weather(city="Paris")}, perhaps within a list or {@code print(…)}. What stands
 * around them is looked over.
 */
final class PythonCallReader implements CallReader {

    /** What models write around a call to see what it gives. */
    private static final String PRINT = "print";

    private final Set<String> tools;
    private final Supplier<String> ids;
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder told = new StringBuilder();
    private @Nullable PythonArguments arguments;
    private int call = -1;

    PythonCallReader(Set<String> tools, Supplier<String> ids) {
        this.tools = Set.copyOf(tools);
        this.ids = ids;
    }

    @Override
    public boolean hasCall() {
        return call >= 0;
    }

    @Override
    public void push(String text, List<AnswerPart> out) {
        for (int i = 0; i < text.length(); i++) {
            next(text.charAt(i), out);
        }
        tell(out);
    }

    private void next(char c, List<AnswerPart> out) {
        if (arguments != null) {
            argument(c, arguments, out);
        } else if (Character.isLetterOrDigit(c) || "_.:-".indexOf(c) >= 0) {
            name.append(c);
        } else {
            boolean wrapper = name.toString().equals(PRINT) && !tools.contains(PRINT);
            if (c == '(' && !name.isEmpty() && !wrapper) {
                call++;
                out.add(new CallBegun(call, ids.get(), name.toString()));
                argument(c, PythonArguments.START, out);
            }
            name.setLength(0);
        }
    }

    private void argument(char c, PythonArguments at, List<AnswerPart> out) {
        PythonArguments.Step step = at.read(c);
        if (step == null) {
            // Nothing that may be written goes on so; what has come is all there is.
            arguments = null;
            return;
        }
        told.append(step.json()).append(step.json().equals(PythonArguments.NAMED) ? " " : "");
        arguments = step.after();
        if (step.after().isOver()) {
            arguments = null;
            tell(out);
            out.add(new CallEnded(call));
        }
    }

    private void tell(List<AnswerPart> out) {
        if (!told.isEmpty()) {
            out.add(new CallArguments(call, told.toString()));
            told.setLength(0);
        }
    }
}

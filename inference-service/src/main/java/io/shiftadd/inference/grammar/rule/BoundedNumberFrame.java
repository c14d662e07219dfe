package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A number that must end up within bounds: a digit is allowed when some number within them begins so.
 *
 * @param rest what completes the text; null when nothing does
 */
record BoundedNumberFrame(
        NumberBounds bounds, String text, @Nullable String rest) implements Frame {

    /** What looking for a number within bounds takes, in steps of other frames. */
    private static final int STEPS = 100;

    BoundedNumberFrame(NumberBounds bounds, String text) {
        this(bounds, text, bounds.completion(text));
    }

    @Override
    public void step(int next, Stacks below, Reached out) {
        String longer = text + (char) next;
        if (isBeginning(longer, next)) {
            out.charge(STEPS);
            BoundedNumberFrame reached = new BoundedNumberFrame(bounds, longer);
            if (reached.rest != null) {
                out.add(reached, below);
            }
        }
    }

    private boolean isBeginning(String longer, int next) {
        boolean digitBefore = !text.isEmpty() && Character.isDigit(text.charAt(text.length() - 1));
        return switch (next) {
            case '-' -> text.isEmpty();
            case '.' -> digitBefore && !bounds.integer() && text.indexOf('.') < 0;
            default -> next >= '0' && next <= '9' && fits(longer);
        };
    }

    private boolean fits(String longer) {
        String digits = longer.startsWith("-") ? longer.substring(1) : longer;
        int point = digits.indexOf('.');
        if (point >= 0) {
            return digits.length() - point - 1 <= NumberRule.MAX_DIGITS;
        }
        return digits.length() == 1 || digits.charAt(0) != '0' && digits.length() <= bounds.maxDigits();
    }

    @Override
    public boolean mayEnd() {
        return rest != null && rest.isEmpty() && !text.isEmpty();
    }

    @Override
    public int shortest() {
        return rest == null ? Rule.ENDLESS : rest.length();
    }

    @Override
    public void complete(ByteArrayOutputStream out) {
        if (rest != null) {
            out.writeBytes(rest.getBytes(StandardCharsets.US_ASCII));
        }
    }
}

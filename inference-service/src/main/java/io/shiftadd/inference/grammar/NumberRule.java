package io.shiftadd.inference.grammar;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A number without bounds, in digits that a 64-bit float holds. */
final class NumberRule implements Rule {

    static final NumberRule ANY = new NumberRule(false, null);
    static final NumberRule INTEGER = new NumberRule(true, null);

    /** Digits before and after the point; 15 are exact in a double. */
    static final int MAX_DIGITS = 15;

    private static final int MAX_EXPONENT_DIGITS = 2;

    private final boolean integer;
    private final @Nullable NumberBounds bounds;

    private NumberRule(boolean integer, @Nullable NumberBounds bounds) {
        this.integer = integer;
        this.bounds = bounds;
    }

    static NumberRule within(NumberBounds bounds) {
        return new NumberRule(bounds.integer(), bounds);
    }

    @Override
    public void start(int first, Stack below, List<Stack> out) {
        begin().step(first, below, out);
    }

    @Override
    public int shortest() {
        return begin().shortest();
    }

    @Override
    public void writeShortest(ByteArrayOutputStream out) {
        begin().complete(out);
    }

    private Frame begin() {
        return bounds == null ? new NumberFrame(integer, Part.NOTHING, 0) : new BoundedNumberFrame(bounds, "");
    }

    private enum Part {
        NOTHING,
        MINUS,
        ZERO,
        WHOLE,
        POINT,
        FRACTION,
        E,
        E_SIGN,
        EXPONENT
    }

    /** @param digits of the part so far */
    private record NumberFrame(boolean integer, Part part, int digits) implements Frame {

        @Override
        public void step(int next, Stack below, List<Stack> out) {
            Part reached = next >= '0' && next <= '9' ? digit(next) : other(next);
            if (reached != null) {
                int count = reached == part ? digits + 1 : 1;
                out.add(below.push(new NumberFrame(integer, reached, count)));
            }
        }

        private @Nullable Part digit(int next) {
            return switch (part) {
                case NOTHING, MINUS -> next == '0' ? Part.ZERO : Part.WHOLE;
                case ZERO -> null;
                case WHOLE -> digits < MAX_DIGITS ? Part.WHOLE : null;
                case POINT -> Part.FRACTION;
                case FRACTION -> digits < MAX_DIGITS ? Part.FRACTION : null;
                case E, E_SIGN -> Part.EXPONENT;
                case EXPONENT -> digits < MAX_EXPONENT_DIGITS ? Part.EXPONENT : null;
            };
        }

        private @Nullable Part other(int next) {
            boolean whole = part == Part.ZERO || part == Part.WHOLE;
            return switch (next) {
                case '-' -> part == Part.NOTHING ? Part.MINUS : part == Part.E ? Part.E_SIGN : null;
                case '+' -> part == Part.E ? Part.E_SIGN : null;
                case '.' -> whole && !integer ? Part.POINT : null;
                case 'e', 'E' -> (whole || part == Part.FRACTION) && !integer ? Part.E : null;
                default -> null;
            };
        }

        @Override
        public boolean mayEnd() {
            return switch (part) {
                case ZERO, WHOLE, FRACTION, EXPONENT -> true;
                case NOTHING, MINUS, POINT, E, E_SIGN -> false;
            };
        }

        @Override
        public int shortest() {
            return mayEnd() ? 0 : 1;
        }

        @Override
        public void complete(ByteArrayOutputStream out) {
            if (!mayEnd()) {
                out.write('0');
            }
        }
    }
}

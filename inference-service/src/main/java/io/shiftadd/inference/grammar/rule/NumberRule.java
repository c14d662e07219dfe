package io.shiftadd.inference.grammar.rule;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** A number without bounds, in digits that a 64-bit float holds. */
public final class NumberRule implements Rule {

    public static final NumberRule ANY = new NumberRule(false, null);
    public static final NumberRule INTEGER = new NumberRule(true, null);

    /** Digits before and after the point; 15 are exact in a double. */
    public static final int MAX_DIGITS = 15;

    private static final int MAX_EXPONENT_DIGITS = 2;

    /** No number that is written here, with an exponent or without, is as large as ten to this power. */
    public static final int MAX_MAGNITUDE = MAX_DIGITS + 99;

    private final boolean integer;
    private final @Nullable NumberBounds bounds;

    private NumberRule(boolean integer, @Nullable NumberBounds bounds) {
        this.integer = integer;
        this.bounds = bounds;
    }

    public static NumberRule within(NumberBounds bounds) {
        return new NumberRule(bounds.integer(), bounds);
    }

    @Override
    public void start(int first, Stacks below, Reached out) {
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
        public void step(int next, Stacks below, Reached out) {
            Part reached = next >= '0' && next <= '9' ? digit(next) : other(next);
            if (reached != null) {
                int count = reached == part ? digits + 1 : 1;
                out.add(new NumberFrame(integer, reached, count), below);
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

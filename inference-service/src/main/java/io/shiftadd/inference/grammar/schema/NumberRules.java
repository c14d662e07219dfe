package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.rule.NumberBounds;
import io.shiftadd.inference.grammar.rule.NumberRule;
import io.shiftadd.inference.grammar.rule.Rule;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that meet several assertions. Numbers with bounds are written without an exponent, so that a bound that no
 * such number passes changes nothing and is dropped.
 */
final class NumberRules {

    private static final BigDecimal SMALLEST = BigDecimal.ONE.movePointLeft(NumberRule.MAX_DIGITS);
    private static final BigDecimal LARGEST_BOUND = BigDecimal.TEN.pow(30);
    private static final BigDecimal BEYOND_ALL = BigDecimal.TEN.pow(NumberRule.MAX_MAGNITUDE);
    private static final int MAX_HALVINGS = 30;

    /** A bound, and the keyword that sets it. */
    private record Bound(BigDecimal value, boolean excluded, String where, String keyword) {

        /** Whether it leaves fewer numbers than another one. */
        boolean tighter(@Nullable Bound other, int direction) {
            if (other == null) {
                return true;
            }
            int order = direction * value.compareTo(other.value);
            return order > 0 || order == 0 && excluded && !other.excluded;
        }

        String text() {
            return keyword + " " + Numerals.text(value);
        }
    }

    Rule of(List<Assertions> all, boolean integer) {
        Bound low = null;
        Bound high = null;
        BigDecimal multipleOf = null;
        String whereMultiple = "";
        for (Assertions assertions : all) {
            Assertions.Numbers own = assertions.numbers();
            if (own == null) {
                continue;
            }
            String where = assertions.where();
            low = tightest(low, own.minimum(), false, where, "minimum", 1);
            low = tightest(low, own.exclusiveMinimum(), true, where, "exclusiveMinimum", 1);
            high = tightest(high, own.maximum(), false, where, "maximum", -1);
            high = tightest(high, own.exclusiveMaximum(), true, where, "exclusiveMaximum", -1);
            if (own.multipleOf() != null) {
                whereMultiple = where + "/multipleOf";
                multipleOf = multipleOf == null ? own.multipleOf() : common(multipleOf, own.multipleOf());
            }
        }
        requireOrder(low, high);
        if (multipleOf != null && !integer && multipleOf.scale() > 0) {
            requireExact(multipleOf, whereMultiple);
        }
        boolean whole = integer || multipleOf != null && multipleOf.scale() <= 0;
        BigDecimal step = multipleOf != null && whole ? numerator(multipleOf) : multipleOf;
        boolean always = step == null || whole && step.compareTo(BigDecimal.ONE) == 0;
        return rule(whole, low, high, always ? null : step);
    }

    private static @Nullable Bound tightest(
            @Nullable Bound known,
            @Nullable BigDecimal value,
            boolean excluded,
            String where,
            String keyword,
            int direction) {
        if (value == null) {
            return known;
        }
        Bound own = new Bound(value, excluded, where + "/" + keyword, keyword);
        return own.tighter(known, direction) ? own : known;
    }

    private static void requireOrder(@Nullable Bound low, @Nullable Bound high) {
        if (low == null || high == null) {
            return;
        }
        int order = low.value.compareTo(high.value);
        if (order > 0 || order == 0 && (low.excluded || high.excluded)) {
            throw new Contradiction(
                    low.where,
                    "leaves no number: " + low.text() + ", and " + high.text()
                            + (low.where.startsWith(parent(high)) ? "" : " at '" + high.where + "'"));
        }
    }

    private static String parent(Bound bound) {
        return bound.where.substring(0, bound.where.lastIndexOf('/'));
    }

    /** Other fractions are rounded in binary, and readers then disagree about what is a multiple. */
    private static void requireExact(BigDecimal multipleOf, String where) {
        BigDecimal halved = multipleOf;
        for (int i = 0; i < MAX_HALVINGS && halved.scale() > 0; i++) {
            halved = halved.multiply(BigDecimal.TWO).stripTrailingZeros();
        }
        if (halved.scale() > 0) {
            throw new SchemaException(
                    where, "is supported for integers, and as a fraction that binary numbers hold exactly, as 0.5");
        }
    }

    private static BigDecimal common(BigDecimal a, BigDecimal b) {
        int scale = Math.max(0, Math.max(a.scale(), b.scale()));
        BigInteger x = a.setScale(scale).unscaledValue();
        BigInteger y = b.setScale(scale).unscaledValue();
        return new BigDecimal(x.divide(x.gcd(y)).multiply(y), scale).stripTrailingZeros();
    }

    /** The whole numbers among the multiples of a number are those of this one. */
    private static BigDecimal numerator(BigDecimal number) {
        if (number.scale() <= 0) {
            return number;
        }
        BigInteger ten = BigInteger.TEN.pow(number.scale());
        return new BigDecimal(
                number.unscaledValue().divide(number.unscaledValue().gcd(ten)));
    }

    private static Rule rule(boolean whole, @Nullable Bound low, @Nullable Bound high, @Nullable BigDecimal step) {
        boolean open = (low == null || low.value.compareTo(BEYOND_ALL.negate()) <= 0)
                && (high == null || high.value.compareTo(BEYOND_ALL) >= 0);
        if (open && step == null) {
            return whole ? NumberRule.INTEGER : NumberRule.ANY;
        }
        requireReachable(low, 1);
        requireReachable(high, -1);
        BigDecimal tooLarge = tooLarge(low, high);
        Bound least = low == null || low.value.compareTo(tooLarge.negate()) <= 0 ? null : notTiny(low, 1);
        Bound most = high == null || high.value.compareTo(tooLarge) >= 0 ? null : notTiny(high, -1);
        if (whole && least == null && most == null && step == null) {
            return NumberRule.INTEGER;
        }
        NumberBounds bounds = new NumberBounds(
                whole,
                least == null ? null : least.value,
                least != null && least.excluded,
                most == null ? null : most.value,
                most != null && most.excluded,
                step);
        NumberRule rule = NumberRule.within(bounds);
        if (!rule.possible()) {
            Bound said = least != null ? least : most;
            throw new Contradiction(
                    said == null ? "" : said.where,
                    "leaves no " + (whole ? "whole " : "") + "number"
                            + (step == null ? "" : " that is a multiple of " + Numerals.text(step))
                            + " of at most " + NumberRule.MAX_DIGITS + " decimals: " + (low == null ? "" : low.text())
                            + (low == null || high == null ? "" : ", ") + (high == null ? "" : high.text()));
        }
        return rule;
    }

    /** The least that takes more digits than are written: as many as usual, or as the bounds ask for. */
    private static BigDecimal tooLarge(@Nullable Bound low, @Nullable Bound high) {
        NumberBounds asked = new NumberBounds(
                true, low == null ? null : low.value, false, high == null ? null : high.value, false, null);
        return BigDecimal.TEN.pow(asked.maxDigits());
    }

    private static void requireReachable(@Nullable Bound bound, int direction) {
        if (bound != null && bound.value.multiply(BigDecimal.valueOf(direction)).compareTo(LARGEST_BOUND) > 0) {
            throw new Contradiction(bound.where, "cannot be met: numbers are written with at most 30 digits");
        }
    }

    /** No number between zero and this bound is written: zero does as well. */
    private static Bound notTiny(Bound bound, int direction) {
        if (bound.value.signum() == 0 || bound.value.abs().compareTo(SMALLEST) >= 0) {
            return bound;
        }
        boolean zeroExcluded = bound.value.signum() == direction;
        return new Bound(BigDecimal.ZERO, zeroExcluded, bound.where, bound.keyword);
    }
}

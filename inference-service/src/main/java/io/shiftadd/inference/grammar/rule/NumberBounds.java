package io.shiftadd.inference.grammar.rule;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Numbers between two bounds, written without an exponent.
 *
 * @param lowest null = none
 * @param highest null = none
 * @param multipleOf a positive number that all are multiples of; null = none
 */
public record NumberBounds(
        boolean integer,
        @Nullable BigDecimal lowest,
        boolean lowestExcluded,
        @Nullable BigDecimal highest,
        boolean highestExcluded,
        @Nullable BigDecimal multipleOf) {

    /** Digits before the point: as many as a double holds exactly, or as the bound nearest to zero has. */
    public int maxDigits() {
        int positive = lowest != null && lowest.signum() > 0 ? digitsOf(lowest) : 0;
        int negative = highest != null && highest.signum() < 0 ? digitsOf(highest) : 0;
        return Math.max(NumberRule.MAX_DIGITS, Math.max(positive, negative));
    }

    /** One more than it has: the next number that is allowed may be longer. */
    private static int digitsOf(BigDecimal bound) {
        return Math.max(0, bound.precision() - bound.scale()) + 1;
    }

    /** The shortest text that makes the text so far a number within the bounds, or null when there is none. */
    @Nullable
    String completion(String text) {
        if (text.isEmpty()) {
            String positive = digits("", false);
            String negative = digits("", true);
            return negative != null && (positive == null || negative.length() + 1 < positive.length())
                    ? "-" + negative
                    : positive;
        }
        boolean negative = text.charAt(0) == '-';
        return digits(negative ? text.substring(1) : text, negative);
    }

    private @Nullable String digits(String text, boolean negative) {
        int point = text.indexOf('.');
        if (point >= 0) {
            return fraction(text, text.length() - point - 1, 0, negative);
        }
        boolean closed = text.equals("0");
        int most = maxDigits();
        for (int more = text.isEmpty() ? 1 : 0; text.length() + more <= most; more++) {
            String found = closed && more > 0 ? null : whole(text, more, negative);
            if (found != null) {
                return found;
            }
        }
        for (int more = text.isEmpty() ? 1 : 0; !integer && text.length() + more <= most; more++) {
            String found = closed && more > 0 ? null : fraction(text, -1, more, negative);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable String whole(String text, int more, boolean negative) {
        BigDecimal from = firstWith(text, more);
        BigDecimal to = from.add(BigDecimal.TEN.pow(more)).subtract(BigDecimal.ONE);
        if (text.isEmpty()) {
            from = more == 1 ? BigDecimal.ZERO : BigDecimal.TEN.pow(more - 1);
            to = BigDecimal.TEN.pow(more).subtract(BigDecimal.ONE);
        }
        BigDecimal found = smallest(from, to, 0, negative);
        return found == null ? null : found.toPlainString().substring(text.length());
    }

    /** @param decimals there are already, −1 when there is no point yet */
    private @Nullable String fraction(String text, int decimals, int more, boolean negative) {
        BigDecimal from = decimals < 0 ? firstWith(text, more) : new BigDecimal(trimPoint(text));
        if (decimals < 0 && text.isEmpty() && more > 1) {
            from = BigDecimal.TEN.pow(more - 1);
        }
        BigDecimal width = decimals < 0
                ? (text.isEmpty() ? BigDecimal.TEN.pow(more).subtract(from) : BigDecimal.TEN.pow(more))
                : BigDecimal.ONE.movePointLeft(decimals);
        for (int scale = Math.max(1, decimals); scale <= NumberRule.MAX_DIGITS; scale++) {
            BigDecimal to = from.add(width).subtract(BigDecimal.ONE.movePointLeft(scale));
            BigDecimal found = smallest(from.setScale(scale), to, scale, negative);
            if (found != null) {
                return found.toPlainString().substring(text.length());
            }
        }
        return null;
    }

    private static BigDecimal firstWith(String text, int more) {
        return text.isEmpty() ? BigDecimal.ZERO : new BigDecimal(text).multiply(BigDecimal.TEN.pow(more));
    }

    private static String trimPoint(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    /** The number of smallest magnitude from {@code from} to {@code to} (both ≥ 0) with that many decimals. */
    private @Nullable BigDecimal smallest(BigDecimal from, BigDecimal to, int scale, boolean negative) {
        BigDecimal low = negative ? (highest == null ? null : highest.negate()) : lowest;
        BigDecimal high = negative ? (lowest == null ? null : lowest.negate()) : highest;
        boolean lowExcluded = negative ? highestExcluded : lowestExcluded;
        boolean highExcluded = negative ? lowestExcluded : highestExcluded;
        BigDecimal unit = multipleOf == null ? BigDecimal.ONE.movePointLeft(scale) : unit(scale, multipleOf);
        BigDecimal found = up(from, unit, scale);
        if (low != null && low.compareTo(found) >= 0) {
            found = up(low, unit, scale);
            if (lowExcluded && found.compareTo(low) == 0) {
                found = found.add(unit);
            }
        }
        if (found.compareTo(to) > 0 || high != null && found.compareTo(high) > 0) {
            return null;
        }
        return high != null && highExcluded && found.compareTo(high) == 0 ? null : found.setScale(scale);
    }

    /** The distance of the multiples that have so many decimals. */
    private static BigDecimal unit(int scale, BigDecimal multipleOf) {
        int finest = Math.max(scale, Math.max(0, multipleOf.scale()));
        BigInteger a = BigDecimal.ONE.movePointLeft(scale).setScale(finest).unscaledValue();
        BigInteger b = multipleOf.setScale(finest).unscaledValue();
        return new BigDecimal(a.divide(a.gcd(b)).multiply(b), finest);
    }

    private BigDecimal up(BigDecimal least, BigDecimal unit, int scale) {
        return multipleOf == null
                ? least.setScale(scale, RoundingMode.CEILING)
                : least.divide(unit, 0, RoundingMode.CEILING).multiply(unit);
    }
}

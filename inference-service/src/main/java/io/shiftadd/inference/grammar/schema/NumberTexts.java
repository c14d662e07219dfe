package io.shiftadd.inference.grammar.schema;

import io.shiftadd.inference.grammar.rule.NumberRule;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Numbers between two bounds as a regular expression that spells each in one way.
 *
 * @param lowest whole number, at least −(10¹⁵ − 1); for fractions only its sign counts
 * @param aboveZero whether zero is excluded from below
 * @param bounded whether a bound other than zero is set
 */
record NumberTexts(long lowest, long highest, boolean aboveZero, boolean belowZero, boolean bounded) {

    private static final long MOST = 999_999_999_999_999L;
    private static final String WHOLE = "[1-9]\\d{0," + (NumberRule.MAX_DIGITS - 1) + "}";
    private static final String FRACTION = "(?:0|" + WHOLE + ")\\.\\d{0," + (NumberRule.MAX_DIGITS - 1) + "}[1-9]";

    /** @return null when there are multiples to keep to */
    static @Nullable NumberTexts within(List<Assertions> all) {
        BigDecimal low = BigDecimal.valueOf(-MOST);
        BigDecimal high = BigDecimal.valueOf(MOST);
        boolean aboveZero = false;
        boolean belowZero = false;
        boolean bounded = false;
        for (Assertions assertions : all) {
            Assertions.Numbers own = assertions.numbers();
            if (own == null) {
                continue;
            }
            if (own.multipleOf() != null && own.multipleOf().compareTo(BigDecimal.ONE) != 0) {
                return null;
            }
            low = low.max(first(own.minimum(), own.exclusiveMinimum(), low));
            high = high.min(last(own.maximum(), own.exclusiveMaximum(), high));
            aboveZero |= isZero(own.exclusiveMinimum());
            belowZero |= isZero(own.exclusiveMaximum());
            bounded |= own.multipleOf() != null
                    || Stream.of(own.minimum(), own.exclusiveMinimum(), own.maximum(), own.exclusiveMaximum())
                            .anyMatch(NumberTexts::restricts);
        }
        BigDecimal none = BigDecimal.valueOf(MOST + 1);
        long lowest = low.min(none).longValue();
        long highest = high.max(none.negate()).longValue();
        return new NumberTexts(lowest, highest, aboveZero, belowZero, bounded);
    }

    private static boolean isZero(@Nullable BigDecimal bound) {
        return bound != null && bound.signum() == 0;
    }

    private static boolean restricts(@Nullable BigDecimal bound) {
        return bound != null && bound.signum() != 0 && bound.abs().compareTo(BigDecimal.valueOf(MOST)) <= 0;
    }

    private static BigDecimal first(@Nullable BigDecimal least, @Nullable BigDecimal excluded, BigDecimal open) {
        BigDecimal from = least == null ? open : least.setScale(0, RoundingMode.CEILING);
        return excluded == null
                ? from
                : from.max(excluded.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE));
    }

    private static BigDecimal last(@Nullable BigDecimal most, @Nullable BigDecimal excluded, BigDecimal open) {
        BigDecimal to = most == null ? open : most.setScale(0, RoundingMode.FLOOR);
        return excluded == null
                ? to
                : to.min(excluded.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE));
    }

    /** Whole numbers; empty when there are none. */
    String integers() {
        List<String> ranges = new ArrayList<>();
        between(Math.max(0, lowest), highest, "", ranges);
        between(Math.max(1, -highest), -lowest, "-", ranges);
        return String.join("|", ranges);
    }

    private static void between(long from, long to, String sign, List<String> ranges) {
        for (long first = from; first <= to; ) {
            // Numbers of as many digits as the first one has.
            long last = Math.min(to, largest(Long.toString(first).length()));
            ranges.add(sign + "(?:" + alike(Long.toString(first), Long.toString(last)) + ")");
            first = last + 1;
        }
    }

    private static long largest(int digits) {
        return Long.parseLong("9".repeat(digits));
    }

    /** Numbers from one to another of as many digits. */
    private static String alike(String from, String to) {
        int rest = from.length() - 1;
        char first = from.charAt(0);
        char last = to.charAt(0);
        if (rest == 0) {
            return "[" + first + "-" + last + "]";
        }
        String nines = "9".repeat(rest);
        String zeros = "0".repeat(rest);
        if (first == last) {
            return first + "(?:" + alike(from.substring(1), to.substring(1)) + ")";
        }
        List<String> parts = new ArrayList<>();
        if (!from.endsWith(zeros)) {
            parts.add(first + "(?:" + alike(from.substring(1), nines) + ")");
            first++;
        }
        if (!to.endsWith(nines)) {
            parts.add(last + "(?:" + alike(zeros, to.substring(1)) + ")");
            last--;
        }
        if (first <= last) {
            parts.add("[" + first + "-" + last + "]\\d{" + rest + "}");
        }
        return String.join("|", parts);
    }

    /** Numbers of any kind; null when a bound other than zero is set. */
    @Nullable
    String numbers() {
        if (bounded) {
            return null;
        }
        String sign = highest <= 0 && lowest >= 0 ? null : lowest >= 0 ? "" : highest <= 0 ? "-" : "-?";
        String zero = aboveZero || belowZero ? "" : "0";
        String more = sign == null ? "" : sign + "(?:" + WHOLE + "|" + FRACTION + ")";
        return zero.isEmpty() || more.isEmpty() ? zero + more : zero + "|" + more;
    }
}

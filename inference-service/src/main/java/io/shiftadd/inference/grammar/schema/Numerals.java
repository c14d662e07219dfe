package io.shiftadd.inference.grammar.schema;

import java.math.BigDecimal;
import java.math.MathContext;
import tools.jackson.databind.JsonNode;

/** Numbers as a schema writes them, exactly, whatever their size. */
final class Numerals {

    /** Powers of ten beyond which a number is as good as endless, or as zero. */
    private static final int FAR = 400;

    private Numerals() {}

    /** Its value; one of more than 400 digits becomes one of that many, so that computing with it costs nothing. */
    static BigDecimal exact(JsonNode number) {
        if (number.isDouble() || number.isFloat()) {
            double value = number.doubleValue();
            return Double.isNaN(value) || Double.isInfinite(value)
                    ? BigDecimal.ONE.movePointRight(FAR).multiply(BigDecimal.valueOf(value < 0 ? -1 : 1))
                    : BigDecimal.valueOf(value).stripTrailingZeros();
        }
        BigDecimal value = number.decimalValue();
        long magnitude = (long) value.precision() - value.scale();
        if (value.signum() != 0 && Math.abs(magnitude) > FAR) {
            return BigDecimal.valueOf(value.signum()).movePointRight(magnitude > 0 ? FAR : -FAR);
        }
        return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }

    static boolean isWhole(JsonNode number) {
        return exact(number).scale() <= 0;
    }

    static String text(BigDecimal value) {
        return value.precision() > 40 || Math.abs(value.scale()) > 40
                ? value.round(new MathContext(3)).toString()
                : value.toPlainString();
    }
}

package io.shiftadd.tokenizer.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** Python's integers beyond 64 bits. A value is a {@link Long} whenever it fits into one. */
final class Integers {

    /** As many digits as Python itself prints. */
    private static final int MAX_BITS = 14_000;

    private Integers() {}

    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Boolean || value instanceof BigInteger;
    }

    static BigInteger big(Object value) {
        return value instanceof BigInteger big ? big : BigInteger.valueOf(Values.integer(value));
    }

    /** @throws JinjaException when it has too many digits */
    static Object of(BigInteger value) {
        if (value.bitLength() > MAX_BITS) {
            throw new JinjaException("an integer has more than " + MAX_BITS + " bits");
        }
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    /**
     * @param radix of the digits
     * @throws JinjaException when they are too many
     */
    static Object parse(String digits, int radix) {
        if (digits.length() > MAX_BITS / 3) {
            throw new JinjaException("the number " + digits.substring(0, 20) + "… is too long");
        }
        return of(new BigInteger(digits, radix));
    }

    static Object apply(String operator, BigInteger a, BigInteger b, Budget budget) {
        budget.charge((long) a.bitLength() + b.bitLength());
        return switch (operator) {
            case "+" -> of(a.add(b));
            case "-" -> of(a.subtract(b));
            case "*" -> of(a.multiply(b));
            case "/" -> real(a, nonZero(b));
            case "//" -> of(floorDivided(a, nonZero(b)));
            case "%" -> of(a.subtract(floorDivided(a, nonZero(b)).multiply(b)));
            case "**" -> power(a, b);
            default -> throw new IllegalStateException(operator);
        };
    }

    private static BigInteger nonZero(BigInteger divisor) {
        if (divisor.signum() == 0) {
            throw new JinjaException("division by zero");
        }
        return divisor;
    }

    private static Object real(BigInteger a, BigInteger b) {
        return new BigDecimal(a)
                .divide(new BigDecimal(b), MathContext.DECIMAL128)
                .doubleValue();
    }

    private static BigInteger floorDivided(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean isAbove = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        return isAbove ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static Object power(BigInteger a, BigInteger b) {
        if (b.signum() < 0) {
            return Math.pow(a.doubleValue(), b.doubleValue());
        }
        if (a.abs().compareTo(BigInteger.ONE) <= 0) {
            return of(a.pow(b.signum() == 0 || b.testBit(0) ? b.signum() : 2));
        }
        if (b.bitLength() > 14 || (long) (a.bitLength() - 1) * b.intValue() > MAX_BITS) {
            throw new JinjaException("an integer has more than " + MAX_BITS + " bits");
        }
        return of(a.pow(b.intValue()));
    }
}

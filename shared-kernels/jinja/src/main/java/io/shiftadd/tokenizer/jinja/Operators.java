package io.shiftadd.tokenizer.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's arithmetic on what templates have. */
final class Operators {

    private Operators() {}

    static Object apply(String operator, Object left, Object right, Budget budget) {
        if (left instanceof Undefined nothing) {
            throw nothing.failure();
        }
        if (right instanceof Undefined nothing) {
            throw nothing.failure();
        }
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return numbers(operator, left, right, budget);
        }
        if (operator.equals("+")) {
            return add(left, right, budget);
        }
        if (operator.equals("*") && (right instanceof Long || right instanceof Boolean)) {
            return repeat(left, Values.integer(right), budget);
        }
        if (operator.equals("*") && (left instanceof Long || left instanceof Boolean)) {
            return repeat(right, Values.integer(left), budget);
        }
        if (operator.equals("%") && left instanceof String format) {
            return PercentFormat.format(format, right instanceof Tuple tuple ? tuple : List.of(right), budget);
        }
        throw mismatch(operator, left, right);
    }

    private static Object numbers(String operator, Object left, Object right, Budget budget) {
        if (left instanceof Double || right instanceof Double) {
            return reals(operator, Values.real(left), Values.real(right));
        }
        if (!(left instanceof BigInteger || right instanceof BigInteger)) {
            try {
                return integers(operator, Values.integer(left), Values.integer(right));
            } catch (ArithmeticException _) {
                // It takes more than 64 bits: below.
            }
        }
        return Integers.apply(operator, Integers.big(left), Integers.big(right), budget);
    }

    private static JinjaException mismatch(String operator, Object left, Object right) {
        return new JinjaException(
                Values.typeName(left) + " " + operator + " " + Values.typeName(right) + " is not possible");
    }

    private static Object add(Object left, Object right, Budget budget) {
        if (left instanceof String a && right instanceof String b) {
            budget.charge((long) a.length() + b.length());
            return a + b;
        }
        if (left instanceof List<?> a && right instanceof List<?> b && a instanceof Tuple == b instanceof Tuple) {
            budget.charge((long) a.size() + b.size());
            List<Object> sum = new ArrayList<>(a);
            sum.addAll(b);
            return a instanceof Tuple ? new Tuple(sum) : sum;
        }
        throw mismatch("+", left, right);
    }

    private static Object repeat(Object value, long times, Budget budget) {
        int count = Math.clamp(times, 0, Integer.MAX_VALUE);
        if (value instanceof String text) {
            budget.charge((long) text.length() * count);
            return text.repeat(count);
        }
        if (value instanceof List<?> list) {
            budget.charge((long) list.size() * count);
            List<Object> repeated = new ArrayList<>();
            for (int i = 0; i < count && !list.isEmpty(); i++) {
                repeated.addAll(list);
            }
            return value instanceof Tuple ? new Tuple(repeated) : repeated;
        }
        throw mismatch("*", value, times);
    }

    private static Object integers(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "/" -> (double) a / nonZero(b);
            case "//" -> Math.floorDivExact(a, nonZero(b));
            case "%" -> Math.floorMod(a, nonZero(b));
            case "**" -> b < 0 ? (Object) Math.pow(a, b) : power(a, b);
            default -> throw new IllegalStateException(operator);
        };
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new JinjaException("division by zero");
        }
        return divisor;
    }

    private static long power(long base, long exponent) {
        long result = 1;
        long square = base;
        for (long left = exponent; left > 0; left >>= 1) {
            if ((left & 1) == 1) {
                result = Math.multiplyExact(result, square);
            }
            if (left > 1) {
                square = Math.abs(square) <= 1 ? square * square : Math.multiplyExact(square, square);
            }
        }
        return result;
    }

    private static Object reals(String operator, double a, double b) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new JinjaException("division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> {
                double remainder = a % b;
                yield remainder != 0 && remainder < 0 != b < 0 ? remainder + b : remainder;
            }
            case "**" -> Math.pow(a, b);
            default -> throw new IllegalStateException(operator);
        };
    }

    static Object signed(Object value, boolean isNegative) {
        return switch (value) {
            case Double number -> isNegative ? -number : number;
            default -> {
                BigInteger number = Integers.big(value);
                yield Integers.of(isNegative ? number.negate() : number);
            }
        };
    }

    static boolean compare(String operator, Object left, Object right, Budget budget) {
        return switch (operator) {
            case "==" -> Values.equal(left, right, budget);
            case "!=" -> !Values.equal(left, right, budget);
            case "in" -> Values.contains(right, left, budget);
            case "not in" -> !Values.contains(right, left, budget);
            case "<" -> ordered(left, right) && Values.compare(left, right, budget) < 0;
            case "<=" -> ordered(left, right) && Values.compare(left, right, budget) <= 0;
            case ">" -> ordered(left, right) && Values.compare(left, right, budget) > 0;
            default -> ordered(left, right) && Values.compare(left, right, budget) >= 0;
        };
    }

    private static boolean ordered(Object left, Object right) {
        return !(left instanceof Double a && a.isNaN() || right instanceof Double b && b.isNaN());
    }
}

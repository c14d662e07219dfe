package io.shiftadd.tokenizer.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What Python's values have in common: truth, length, order, and the way from and to Java. */
final class Values {

    private static final int MAX_DEPTH = 100;

    private Values() {}

    /** A value of JSON as a value of templates. */
    static Object of(@Nullable Object json) {
        return of(json, 0);
    }

    private static Object of(@Nullable Object json, int depth) {
        if (depth > MAX_DEPTH) {
            throw new JinjaException("a variable is nested more than " + MAX_DEPTH + " deep");
        }
        return switch (json) {
            case null -> None.NONE;
            case String text -> text;
            case Boolean flag -> flag;
            case BigInteger number -> Integers.of(number);
            case Long number -> number;
            case Integer number -> number.longValue();
            case Number number -> number.doubleValue();
            case Map<?, ?> map -> {
                Map<Object, Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach((key, value) -> copy.put(String.valueOf(key), of(value, depth + 1)));
                yield copy;
            }
            case Iterable<?> items -> {
                List<Object> copy = new ArrayList<>();
                for (Object item : items) {
                    copy.add(of(item, depth + 1));
                }
                yield copy;
            }
            default ->
                throw new JinjaException("a variable is a " + json.getClass().getSimpleName());
        };
    }

    /** Characters and elements in it. */
    static long size(Object value) {
        return switch (value) {
            case String text -> text.length() + 8L;
            case List<?> list -> 8 + list.stream().mapToLong(Values::size).sum();
            case Map<?, ?> map ->
                8
                        + map.entrySet().stream()
                                .mapToLong(entry -> size(entry.getKey()) + size(entry.getValue()))
                                .sum();
            default -> 8;
        };
    }

    static boolean isTrue(Object value) {
        return switch (value) {
            case Boolean flag -> flag;
            case None nothing -> false;
            case Undefined nothing -> false;
            case Long number -> number != 0;
            case BigInteger number -> number.signum() != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    static String typeName(Object value) {
        return switch (value) {
            case None nothing -> "None";
            case Undefined nothing -> "an undefined value";
            case Boolean flag -> "a boolean";
            case Long number -> "an integer";
            case BigInteger number -> "an integer of more than 64 bits";
            case Double number -> "a number";
            case String text -> "a string";
            case Tuple tuple -> "a tuple";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "a map";
            case Lazy lazy -> "a generator";
            case Namespace namespace -> "a namespace";
            case Cycler cycler -> "a cycler";
            default -> "a function";
        };
    }

    static long length(Object value) {
        return switch (value) {
            case String text -> PythonText.length(text);
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined nothing -> 0;
            case Loop loop -> loop.length();
            default -> throw new JinjaException(typeName(value) + " has no length");
        };
    }

    static boolean isIterable(Object value) {
        return switch (value) {
            case String text -> true;
            case List<?> list -> true;
            case Map<?, ?> map -> true;
            case Lazy lazy -> true;
            case Undefined nothing -> true;
            default -> false;
        };
    }

    /** The characters of a string, the items of a list, the keys of a map. */
    static List<Object> items(Object value, Budget budget) {
        List<?> items = switch (value) {
            case String text -> {
                budget.charge(8L * text.length());
                yield text.codePoints().mapToObj(Character::toString).toList();
            }
            case List<?> list -> list;
            case Map<?, ?> map -> List.copyOf(map.keySet());
            case Lazy lazy -> lazy.items();
            case Undefined nothing -> List.of();
            default -> throw new JinjaException(typeName(value) + " cannot be walked through");
        };
        budget.charge(items.size());
        @SuppressWarnings("unchecked") // Values of templates are objects that are never null.
        List<Object> objects = (List<Object>) items;
        return objects;
    }

    static boolean equal(Object a, Object b, Budget budget) {
        return equal(a, b, budget, 0);
    }

    private static boolean equal(Object a, Object b, Budget budget, int depth) {
        if (depth > MAX_DEPTH) {
            throw new JinjaException("a value is nested more than " + MAX_DEPTH + " deep");
        }
        budget.charge(1);
        if (isNumber(a) && isNumber(b)) {
            return a instanceof Double || b instanceof Double
                    ? real(a) == real(b)
                    : Integers.big(a).equals(Integers.big(b));
        }
        if (a instanceof String text && b instanceof String other) {
            budget.charge(Math.min(text.length(), other.length()));
            return text.equals(other);
        }
        if (a instanceof List<?> list && b instanceof List<?> other) {
            if (list.size() != other.size() || a instanceof Tuple != b instanceof Tuple) {
                return false;
            }
            Iterator<?> others = other.iterator();
            for (Object item : list) {
                if (!equal(item, others.next(), budget, depth + 1)) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof Map<?, ?> map && b instanceof Map<?, ?> other) {
            if (map.size() != other.size()) {
                return false;
            }
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                Object counterpart = other.get(entry.getKey());
                if (counterpart == null || !equal(entry.getValue(), counterpart, budget, depth + 1)) {
                    return false;
                }
            }
            return true;
        }
        return a == b || a instanceof Undefined && b instanceof Undefined;
    }

    static boolean isNumber(Object value) {
        return value instanceof Double || Integers.isInteger(value);
    }

    static double real(Object number) {
        return switch (number) {
            case Double real -> real;
            case BigInteger big -> big.doubleValue();
            default -> integer(number);
        };
    }

    static long integer(Object number) {
        return switch (number) {
            case Long value -> value;
            case Boolean flag -> flag ? 1 : 0;
            case Undefined nothing -> throw nothing.failure();
            default -> throw new JinjaException(typeName(number) + " is no integer");
        };
    }

    static int compare(@Nullable Object left, @Nullable Object right, Budget budget) {
        Object a = Objects.requireNonNull(left);
        Object b = Objects.requireNonNull(right);
        budget.charge(1);
        if (isNumber(a) && isNumber(b)) {
            return a instanceof Double || b instanceof Double
                    ? Double.compare(real(a), real(b))
                    : Integers.big(a).compareTo(Integers.big(b));
        }
        if (a instanceof String text && b instanceof String other) {
            budget.charge(Math.min(text.length(), other.length()));
            return compareCodePoints(text, other);
        }
        if (a instanceof List<?> list && b instanceof List<?> other && a instanceof Tuple == b instanceof Tuple) {
            budget.enter();
            for (int i = 0; i < Math.min(list.size(), other.size()); i++) {
                if (!equal(list.get(i), other.get(i), budget)) {
                    int order = compare(list.get(i), other.get(i), budget);
                    budget.leave();
                    return order;
                }
            }
            budget.leave();
            return Integer.compare(list.size(), other.size());
        }
        if (a instanceof Undefined nothing) {
            throw nothing.failure();
        }
        if (b instanceof Undefined nothing) {
            throw nothing.failure();
        }
        throw new JinjaException(typeName(a) + " and " + typeName(b) + " have no order");
    }

    private static int compareCodePoints(String a, String b) {
        for (int i = 0; i < Math.min(a.length(), b.length()); i++) {
            if (a.charAt(i) != b.charAt(i)) {
                boolean bothSurrogates = Character.isSurrogate(a.charAt(i)) == Character.isSurrogate(b.charAt(i));
                return bothSurrogates
                        ? Character.compare(a.charAt(i), b.charAt(i))
                        : Character.isSurrogate(a.charAt(i)) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    static boolean contains(Object container, Object item, Budget budget) {
        if (container instanceof String text) {
            if (!(item instanceof String part)) {
                throw new JinjaException("'in' a string needs a string, not " + typeName(item));
            }
            budget.charge(text.length());
            return text.contains(part);
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(key(item));
        }
        for (Object candidate : items(container, budget)) {
            if (equal(candidate, item, budget)) {
                return true;
            }
        }
        return false;
    }

    /** A value as the key of a map: 1, 1.0 and True are one key. */
    static Object key(Object value) {
        return switch (value) {
            case Boolean flag -> integer(flag);
            case Double number when number == Math.rint(number) && Math.abs(number) < 1L << 53 -> number.longValue();
            case String text -> text;
            case Long number -> number;
            case BigInteger number -> number;
            case Double number -> number;
            case None nothing -> nothing;
            case Undefined nothing -> throw nothing.failure();
            case Tuple tuple
            when tuple.stream().allMatch(item -> !(item instanceof List || item instanceof Map)) -> tuple;
            default -> throw new JinjaException(typeName(value) + " cannot be a key");
        };
    }
}

package io.shiftadd.tokenizer.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Jinja's tests: {@code value is name(arguments)}. */
final class Tests {

    private static final Set<String> NAMES = Set.of(
            "eq",
            "==",
            "equalto",
            "ne",
            "!=",
            "lt",
            "<",
            "lessthan",
            "le",
            "<=",
            "gt",
            ">",
            "greaterthan",
            "ge",
            ">=",
            "in",
            "divisibleby",
            "sameas",
            "filter",
            "test",
            "defined",
            "undefined",
            "none",
            "boolean",
            "true",
            "false",
            "integer",
            "float",
            "number",
            "string",
            "mapping",
            "iterable",
            "sequence",
            "callable",
            "even",
            "odd",
            "lower",
            "upper",
            "escaped");

    private final Budget budget;

    Tests(Budget budget) {
        this.budget = budget;
    }

    boolean apply(String name, Object value, Arguments arguments) {
        try {
            return test(name, value, arguments);
        } catch (JinjaException e) {
            throw new JinjaException("test '" + name + "': " + e.getMessage());
        }
    }

    private boolean test(String name, Object value, Arguments arguments) {
        String comparison = switch (name) {
            case "eq", "==", "equalto" -> "==";
            case "ne", "!=" -> "!=";
            case "lt", "<", "lessthan" -> "<";
            case "le", "<=" -> "<=";
            case "gt", ">", "greaterthan" -> ">";
            case "ge", ">=" -> ">=";
            case "in" -> "in";
            default -> "";
        };
        if (!comparison.isEmpty()) {
            return Operators.compare(
                    comparison, value, arguments.positional(1, 1).getFirst(), budget);
        }
        return switch (name) {
            case "divisibleby" ->
                Operators.apply("%", value, arguments.positional(1, 1).getFirst(), budget)
                        .equals(0L);
            case "sameas" -> isSame(value, arguments.positional(1, 1).getFirst());
            case "filter" -> Filters.NAMES.contains(String.valueOf(value));
            case "test" -> NAMES.contains(String.valueOf(value));
            default -> {
                arguments.positional(0, 0);
                yield isOfKind(name, value);
            }
        };
    }

    /** Python's 'is', which finds small numbers and literals the same. */
    private static boolean isSame(Object value, Object other) {
        return value == other
                || value.getClass() == other.getClass()
                        && (value instanceof Boolean || value instanceof Long || value instanceof String)
                        && value.equals(other);
    }

    private boolean isOfKind(String name, Object value) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == None.NONE;
            case "boolean" -> value instanceof Boolean;
            case "true" -> value.equals(true);
            case "false" -> value.equals(false);
            case "integer" -> Integers.isInteger(value) && !(value instanceof Boolean);
            case "float" -> value instanceof Double;
            case "number" -> Values.isNumber(value);
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map;
            case "iterable" -> Values.isIterable(value);
            case "sequence" ->
                value instanceof String || value instanceof List || value instanceof Map || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "even" -> Operators.apply("%", value, 2L, budget).equals(0L);
            case "odd" -> Operators.apply("%", value, 2L, budget).equals(1L);
            case "lower" -> isCase(value, false);
            case "upper" -> isCase(value, true);
            case "escaped" -> false;
            default -> throw new JinjaException("there is no such test");
        };
    }

    private boolean isCase(Object value, boolean isUpper) {
        String text = PythonFormat.str(value, budget);
        String inCase = isUpper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT);
        return text.equals(inCase)
                && text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
    }
}

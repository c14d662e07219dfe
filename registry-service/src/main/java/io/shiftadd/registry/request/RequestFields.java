package io.shiftadd.registry.request;

import io.shiftadd.http.ClosestNames;
import io.shiftadd.http.Shown;
import io.shiftadd.http.WholeNumber;
import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of one JSON object, read by name. Mistakes are collected, not thrown one by one: {@link #finish()} reports
 * them together, and with them every field that nobody asked for. A JSON null counts as absent.
 */
public final class RequestFields {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** What {@link #isName} asks for, in words. */
    public static final String NAME_LIMIT =
            "1 to 128 letters, digits, dots, underscores and hyphens, the first a letter or digit, and not a UUID";

    private static final Pattern UUID_LIKE =
            Pattern.compile("\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

    private final JsonNode body;
    private final String prefix;
    private final List<FieldError> errors;
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<RequestFields> objects = new ArrayList<>();

    private RequestFields(JsonNode body, String prefix, List<FieldError> errors) {
        this.body = body;
        this.prefix = prefix;
        this.errors = errors;
    }

    /** @throws ProblemException when the body is not a JSON object */
    public static RequestFields of(JsonNode body) {
        if (!body.isObject()) {
            throw new ProblemException(
                    ProblemType.MALFORMED_REQUEST, "The body is " + kindOf(body) + "; send a JSON object.");
        }
        return new RequestFields(body, "", new ArrayList<>());
    }

    /** An object within the object; its mistakes are reported with all others, under {@code field.name}. */
    public @Nullable RequestFields object(String field, String limit) {
        JsonNode value = ask(field);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            return refuse(field, "is " + kindOf(value), limit, null);
        }
        RequestFields object = new RequestFields(value, prefix + field + ".", errors);
        objects.add(object);
        return object;
    }

    public boolean has(String field) {
        asked.add(field);
        return value(field) != null;
    }

    /** A text that is not blank. */
    public @Nullable String text(String field, int maxLength) {
        JsonNode value = ask(field);
        if (value == null) {
            return null;
        }
        String limit = "a text of 1 to " + maxLength + " characters";
        if (!value.isString()) {
            return refuse(field, "is " + kindOf(value), limit, "put it in quotes");
        }
        String text = value.stringValue();
        if (text.isBlank() || text.length() > maxLength) {
            return refuse(field, text.isBlank() ? "is empty" : "has " + text.length() + " characters", limit, null);
        }
        return text;
    }

    /**
     * Whether a text may name a model or text: names become parts of paths and URLs, and ids must not look like them.
     */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches() && !UUID_LIKE.matcher(text).matches();
    }

    /** A name under which something is to be registered. */
    public @Nullable String name(String field) {
        String text = text(field, 128);
        if (text != null && !isName(text)) {
            return refuse(field, "is " + quote(text), NAME_LIMIT, "choose another name");
        }
        return text;
    }

    /** One of a closed set of words; upper and lower case count as the same. */
    public <E extends Enum<E>> @Nullable E choice(String field, List<E> choices) {
        JsonNode value = ask(field);
        if (value == null) {
            return null;
        }
        E chosen = chosen(value, choices);
        String limit =
                String.join(" or ", choices.stream().map(RequestFields::word).toList());
        return chosen == null ? refuse(field, "is " + show(value), limit, null) : chosen;
    }

    /** An array of words of a closed set, at least one, each once. */
    public <E extends Enum<E>> @Nullable List<E> choices(String field, List<E> choices) {
        JsonNode value = ask(field);
        if (value == null) {
            return null;
        }
        List<String> words = choices.stream().map(RequestFields::word).toList();
        String limit = "an array of one or more of " + String.join(", ", words);
        if (!value.isArray() || value.isEmpty()) {
            return refuse(field, value.isArray() ? "is empty" : "is " + kindOf(value), limit, null);
        }
        Set<E> all = new LinkedHashSet<>();
        for (JsonNode element : value) {
            E chosen = chosen(element, choices);
            if (chosen == null) {
                String remedy = element.isString() ? ClosestNames.suggest(element.stringValue(), words) : null;
                return refuse(field, "has " + show(element), limit, remedy);
            }
            if (!all.add(chosen)) {
                return refuse(field, "has " + word(chosen) + " twice", limit, "name it once");
            }
        }
        return List.copyOf(all);
    }

    private static <E extends Enum<E>> @Nullable E chosen(JsonNode value, List<E> choices) {
        for (E choice : choices) {
            if (value.isString()
                    && (word(choice).equalsIgnoreCase(value.stringValue())
                            || choice.name().equalsIgnoreCase(value.stringValue()))) {
                return choice;
            }
        }
        return null;
    }

    /** A whole number from {@code min} to {@code max}. */
    public @Nullable Long whole(String field, long min, long max) {
        JsonNode value = ask(field);
        if (value == null) {
            return null;
        }
        OptionalLong number = WholeNumber.of(value);
        if (number.isEmpty()) {
            String remedy = value.isNumber() ? null : "send a whole number without quotes";
            return refuse(field, "is " + show(value), range(min, max), remedy);
        }
        boolean inRange = number.getAsLong() >= min && number.getAsLong() <= max;
        return inRange ? Long.valueOf(number.getAsLong()) : refuse(field, "is " + show(value), range(min, max), null);
    }

    public @Nullable Integer integer(String field, int min, int max) {
        Long number = whole(field, min, max);
        return number == null ? null : Math.toIntExact(number);
    }

    /** A number from {@code min} to {@code max}. */
    public @Nullable Double number(String field, double min, double max) {
        JsonNode value = ask(field);
        if (value == null) {
            return null;
        }
        String limit = "a number from " + min + " to " + max;
        if (!value.isNumber()) {
            return refuse(field, "is " + show(value), limit, "send a number without quotes");
        }
        double number = value.doubleValue();
        return number >= min && number <= max ? number : refuse(field, "is " + show(value), limit, null);
    }

    public @Nullable Boolean flag(String field) {
        JsonNode value = ask(field);
        if (value == null) {
            return null;
        }
        return value.isBoolean() ? value.booleanValue() : refuse(field, "is " + show(value), "true or false", null);
    }

    /** Adds a mistake that the caller found, and returns null, so that a reader can end with it. */
    public <T> @Nullable T refuse(String field, String message, @Nullable String limit, @Nullable String remedy) {
        errors.add(new FieldError(prefix + field, message, limit, remedy));
        return null;
    }

    /** The value, or a mistake when it is absent and nothing else was wrong with it. */
    public <T> @Nullable T require(String field, @Nullable T value, String limit) {
        if (value == null && errors.stream().noneMatch(error -> error.field().equals(prefix + field))) {
            refuse(field, "is missing", limit, "add the field " + field);
        }
        return value;
    }

    /** @throws ProblemException with every mistake found, unknown fields among them */
    public void finish() {
        refuseUnknown();
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
    }

    private void refuseUnknown() {
        for (String field : body.propertyNames()) {
            if (!asked.contains(field)) {
                refuse(Shown.of(field), "is not a field of this request", null, ClosestNames.suggest(field, asked));
            }
        }
        objects.forEach(RequestFields::refuseUnknown);
    }

    private @Nullable JsonNode ask(String field) {
        asked.add(field);
        return value(field);
    }

    private @Nullable JsonNode value(String field) {
        JsonNode value = body.get(field);
        return value == null || value.isNull() ? null : value;
    }

    private static String range(long min, long max) {
        return "a whole number from " + min + " to " + max;
    }

    private static String word(Enum<?> choice) {
        return choice.toString().toLowerCase(java.util.Locale.ROOT);
    }

    private static String kindOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            default -> "null";
        };
    }

    private static String show(JsonNode value) {
        if (value.isNumber()) {
            return WholeNumber.shown(value);
        }
        return value.isContainer() ? kindOf(value) : quote(value.asString());
    }

    private static String quote(String text) {
        return "'" + Shown.of(text) + "'";
    }
}

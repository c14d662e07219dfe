package io.shiftadd.model.family;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** The keys of a config.json object, read with their types and limits; every error names the key. */
final class ConfigKeys {

    private final JsonNode object;
    private final String prefix;
    private final String where;

    private ConfigKeys(JsonNode object, String prefix, String where) {
        this.object = object;
        this.prefix = prefix;
        this.where = where;
    }

    static ConfigKeys parse(byte[] json, String where) {
        JsonNode root = ModelJson.parse(json, where);
        if (!root.isObject()) {
            throw new FormatException("is no JSON object", where, "it is one JSON object", "Correct the file.");
        }
        return new ConfigKeys(root, "", where);
    }

    /** Whether the key is there, if only with the value null. */
    boolean has(String key) {
        return object.has(key);
    }

    boolean hasValue(String key) {
        return object.hasNonNull(key);
    }

    /** The object under a key, or empty when it is absent or null. */
    Optional<ConfigKeys> child(String key) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw wrong(key, "an object");
        }
        return Optional.of(new ConfigKeys(value, prefix + key + ".", where));
    }

    /** Names of the keys whose values are objects. */
    List<String> objects() {
        return object.properties().stream()
                .filter(entry -> entry.getValue().isObject())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether two objects have the same keys with the same values. */
    boolean isSameAs(ConfigKeys other) {
        return object.equals(other.object);
    }

    /**
     * Refuses a key that is known to change what a model computes and is not implemented, unless its value changes
     * nothing.
     *
     * @param neutral the number that changes nothing; absent, null, false and empty values never do
     */
    void requireNeutral(String key, double neutral) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return;
        }
        boolean changesNothing = value.isBoolean() && !value.booleanValue()
                || value.isNumber() && value.doubleValue() == neutral
                || value.isString() && value.stringValue().isEmpty()
                || value.isContainer() && value.isEmpty();
        if (!changesNothing) {
            throw new FormatException(
                    "has " + prefix + key + " = " + shown(key),
                    where,
                    "it changes what the model computes, and is not supported",
                    "Use a model without it. Remove the key only if the model was trained without it.");
        }
    }

    boolean isEmpty() {
        return object.isEmpty();
    }

    int integer(String key, int otherwise, int min, int max) {
        return has(key) ? required(optionalInteger(key, min, max), key) : otherwise;
    }

    /** Empty when the key is absent or null. */
    OptionalInt optionalInteger(String key, int min, int max) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return OptionalInt.empty();
        }
        if (!value.isIntegralNumber()) {
            throw wrong(key, "a whole number");
        }
        if (!value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw wrong(key, "from " + min + " to " + max);
        }
        return OptionalInt.of(value.intValue());
    }

    double positive(String key, double otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        OptionalDouble value = optionalPositive(key);
        if (value.isEmpty()) {
            throw wrong(key, "a number above 0");
        }
        return value.getAsDouble();
    }

    /** Empty when the key is absent or null. */
    OptionalDouble optionalPositive(String key) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return OptionalDouble.empty();
        }
        if (!value.isNumber()) {
            throw wrong(key, "a number above 0");
        }
        double number = value.doubleValue();
        // As a float, because that is what it is used as.
        if (!(number > 0) || !Float.isFinite((float) number) || (float) number == 0) {
            throw wrong(key, "above 0 and finite");
        }
        return OptionalDouble.of(number);
    }

    /** A list of numbers above 0. */
    List<Double> positives(String key) {
        JsonNode value = object.get(key);
        if (value == null || !value.isArray()) {
            throw wrong(key, "a list of numbers above 0");
        }
        List<Double> numbers = new ArrayList<>();
        for (JsonNode element : value) {
            double number = element.isNumber() ? element.doubleValue() : Double.NaN;
            if (!(number > 0) || !Float.isFinite((float) number)) {
                throw wrong(key, "a list of numbers above 0");
            }
            numbers.add(number);
        }
        return numbers;
    }

    /** A list of finite numbers. */
    List<Double> numbers(String key) {
        JsonNode value = object.get(key);
        if (value == null || !value.isArray()) {
            throw wrong(key, "a list of numbers");
        }
        List<Double> numbers = new ArrayList<>();
        for (JsonNode element : value) {
            double number = element.isNumber() ? element.doubleValue() : Double.NaN;
            if (!Float.isFinite((float) number)) {
                throw wrong(key, "a list of finite numbers");
            }
            numbers.add(number);
        }
        return numbers;
    }

    /** A list of whole numbers; empty when the key is absent or null. */
    Optional<List<Integer>> integers(String key) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode element : value) {
            if (!value.isArray() || !element.isIntegralNumber() || !element.canConvertToInt()) {
                throw wrong(key, "a list of whole numbers");
            }
            numbers.add(element.intValue());
        }
        return Optional.of(numbers);
    }

    /**
     * Names by numbers from 0 on, without gaps, as {@code {"0": "cat", "1": "dog"}}; empty when the key is absent, null
     * or without any.
     *
     * @param most of them
     */
    List<String> numbered(String key, int most) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return List.of();
        }
        if (!value.isObject() || value.size() > most) {
            throw wrong(key, "an object of at most " + most + " names");
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode name = value.get(Integer.toString(i));
            if (name == null || !name.isString()) {
                throw wrong(key, "an object with a name for each number from 0 to " + (value.size() - 1));
            }
            names.add(name.stringValue());
        }
        return names;
    }

    /** One whole number for both, or a list of height and width; {@code otherwise} when the key is absent or null. */
    int[] heightAndWidth(String key, int otherwise, int most) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull() || !value.isArray()) {
            int both = integer(key, otherwise, 1, most);
            return new int[] {both, both};
        }
        List<Integer> two = integers(key).orElseThrow();
        if (two.size() != 2 || two.stream().anyMatch(size -> size < 1 || size > most)) {
            throw wrong(key, "a number from 1 to " + most + ", or two of them: height and width");
        }
        return new int[] {two.get(0), two.get(1)};
    }

    /** {@code otherwise} when the key is absent or null. */
    boolean flag(String key, boolean otherwise) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(key, "true or false");
        }
        return value.booleanValue();
    }

    /** Empty when the key is absent or null. */
    Optional<String> text(String key) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw wrong(key, "a string");
        }
        return Optional.of(value.stringValue());
    }

    /** Empty when the key is absent or null. */
    Optional<List<String>> texts(String key) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isArray()) {
            throw wrong(key, "a list of strings");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            if (!element.isString()) {
                throw wrong(key, "a list of strings");
            }
            texts.add(element.stringValue());
        }
        return Optional.of(texts);
    }

    /** Token ids as a number or a list of them; empty when the key is absent or null. */
    List<Integer> tokens(String key) {
        JsonNode value = object.get(key);
        if (value == null || value.isNull()) {
            return List.of();
        }
        List<Integer> tokens = new ArrayList<>();
        for (JsonNode element : value.isArray() ? value : List.of(value)) {
            if (!element.isIntegralNumber() || !element.canConvertToInt()) {
                throw wrong(key, "a token id or a list of them");
            }
            tokens.add(element.intValue());
        }
        return tokens;
    }

    /** The name under which one of several spellings is present; those that are must agree. */
    String spelling(String key, String... others) {
        String present = key;
        for (String other : others) {
            if (!hasValue(other)) {
                continue;
            }
            if (hasValue(present) && !object.get(present).equals(object.get(other))) {
                throw contradiction(present, other);
            }
            present = other;
        }
        return present;
    }

    FormatException contradiction(String key, String other) {
        return new FormatException(
                "has " + prefix + key + " = " + shown(key) + " and " + prefix + other + " = " + shown(other),
                where,
                "they must agree",
                "Remove the wrong one.");
    }

    /** @param limit what the value must be, e.g. {@code from 1 to 4096} */
    FormatException wrong(String key, String limit) {
        return new FormatException(
                "has " + prefix + key + " = " + shown(key),
                where,
                "it must be " + limit,
                "Correct " + prefix + key + ".");
    }

    private String shown(String key) {
        JsonNode value = object.get(key);
        if (value == null) {
            return "nothing";
        }
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    private int required(OptionalInt value, String key) {
        if (value.isEmpty()) {
            throw wrong(key, "a whole number");
        }
        return value.getAsInt();
    }
}

package io.shiftadd.inference.openai.request;

import io.shiftadd.http.Shown;
import io.shiftadd.http.WholeNumber;
import io.shiftadd.inference.openai.error.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of one JSON object of a request. Every error names the field, what it is, and what it may be. A field that
 * is null counts as absent. One that is not known is refused when it asks for another answer ({@link OutputFields}) or
 * is a known one misspelled; else it is ignored by name.
 */
public final class Fields {

    private final JsonNode object;
    private final String path;
    private final IgnoredFields ignored;

    /**
     * @param path of the object within the request, empty for the request itself
     * @param known all fields that are read
     * @param ignored gets the names of those that are not
     */
    public Fields(JsonNode object, String path, Set<String> known, IgnoredFields ignored) {
        this.object = object;
        this.path = path;
        this.ignored = ignored;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!known.contains(field.getKey()) && !field.getValue().isNull()) {
                checkUnknown(field.getKey(), field.getValue(), known);
            }
        }
    }

    private void checkUnknown(String name, JsonNode value, Set<String> known) {
        String where = at(Shown.of(name));
        String remedy = OutputFields.remedy(name, value, known.contains("messages"));
        if (remedy != null) {
            throw ApiException.invalid(where, "'" + where + "' is not supported by this server: " + remedy);
        }
        if (OutputFields.has(name)) {
            return;
        }
        String meant = ignored.meant(name, known);
        if (meant != null && !object.has(meant)) {
            throw ApiException.invalid(
                    where, "'" + where + "' is not a field of this request; did you mean '" + at(meant) + "'?");
        }
        ignored.add(where);
    }

    /** The name of a field as errors call it, e.g. {@code messages[2].content}. */
    public String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    @Nullable
    public JsonNode get(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    public boolean has(String name) {
        return get(name) != null;
    }

    public ApiException wrong(String name, String expected) {
        JsonNode value = get(name);
        String found = value == null ? "missing" : shortened(value);
        return ApiException.invalid(at(name), "'" + at(name) + "' is " + found + "; it must be " + expected);
    }

    public static String shortened(JsonNode value) {
        if (value.isNumber()) {
            return WholeNumber.shown(value);
        }
        if (!value.isContainer()) {
            return Shown.of(value.toString());
        }
        return "an " + (value.isEmpty() ? "empty " : "") + (value.isArray() ? "array" : "object");
    }

    public String text(String name, String expected) {
        JsonNode value = get(name);
        if (value == null || !value.isString()) {
            throw wrong(name, expected);
        }
        return value.stringValue();
    }

    @Nullable
    public String optionalText(String name, String expected) {
        return has(name) ? text(name, expected) : null;
    }

    public boolean flag(String name) {
        JsonNode value = get(name);
        if (value != null && !value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value != null && value.booleanValue();
    }

    public OptionalDouble number(String name, double least, double most) {
        JsonNode value = get(name);
        if (value == null) {
            return OptionalDouble.empty();
        }
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw wrong(name, "a number from " + plain(least) + " to " + plain(most));
        }
        return OptionalDouble.of(number);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    OptionalLong whole(String name, long least, long most) {
        JsonNode value = get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        OptionalLong number = WholeNumber.of(value);
        if (number.isPresent() && number.getAsLong() >= least && number.getAsLong() <= most) {
            return number;
        }
        throw wrong(
                name,
                most == Long.MAX_VALUE
                        ? "a whole number of 64 bits"
                        : most == Integer.MAX_VALUE
                                ? "a whole number of at least " + least
                                : "a whole number from " + least + " to " + most);
    }

    public OptionalInt count(String name, int least, int most) {
        OptionalLong number = whole(name, least, most);
        return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
    }

    /** Token ids of an array; whether the vocabulary has them is checked later. */
    public static int[] ids(JsonNode array, String where) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = array.get(i);
            long number = WholeNumber.of(id).orElse(-1);
            if (number < 0 || number > Integer.MAX_VALUE) {
                throw ApiException.invalid(
                        where,
                        "'" + where + "[" + i + "]' is " + shortened(id) + "; token ids are whole numbers from 0");
            }
            ids[i] = (int) number;
        }
        return ids;
    }

    /** An array's elements; empty when the field is absent. */
    public List<JsonNode> elements(String name, String expected) {
        JsonNode value = get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(name, expected);
        }
        return new ArrayList<>(value.values());
    }

    /** A nested object's fields; null when the field is absent. */
    @Nullable
    public Fields nested(String name, Set<String> known) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            throw wrong(name, "an object");
        }
        return new Fields(value, at(name), known, ignored);
    }

    /** An object that is an element of one of these fields. */
    public Fields element(JsonNode element, String where, Set<String> known) {
        return new Fields(element, where, known, ignored);
    }
}

package io.shiftadd.motion.description;

import io.shiftadd.http.ClosestNames;
import io.shiftadd.http.Shown;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads JSON into records and notes every mistake; what has one is null. */
final class DescriptionReader {

    private final List<InvalidDescriptionException.Fault> faults;

    DescriptionReader(List<InvalidDescriptionException.Fault> faults) {
        this.faults = faults;
    }

    /** @throws InvalidDescriptionException with every mistake, by the path of the field */
    static <T> T read(Class<T> type, JsonNode json) {
        List<InvalidDescriptionException.Fault> faults = new ArrayList<>();
        T read = new DescriptionReader(faults).as(type, json);
        if (read == null || !faults.isEmpty()) {
            throw new InvalidDescriptionException(faults);
        }
        return read;
    }

    <T> @Nullable T as(Class<T> type, JsonNode json) {
        return type.cast(value(type, json, "description"));
    }

    private @Nullable Object value(Class<?> type, JsonNode json, String at) {
        if (type.isEnum()) {
            return word(type, json, at);
        }
        if (Shapes.isArray(type)) {
            return array(type, json, at);
        }
        if (!json.isObject()) {
            return refuse(at, "is " + kindOf(json), "an object", "send {" + String.join(", ", names(type)) + "}");
        }
        return type.isSealed() ? choice(type, json, at) : record(type, json, at);
    }

    /** The option that has one of the fields that are there. */
    private @Nullable Object choice(Class<?> type, JsonNode json, String at) {
        for (Class<?> option : type.getPermittedSubclasses()) {
            if (names(option).stream().anyMatch(json::has)) {
                return record(option, json, at);
            }
        }
        String options = Stream.of(type.getPermittedSubclasses())
                .map(option -> "{" + String.join(", ", names(option)) + "}")
                .reduce((one, other) -> one + " or " + other)
                .orElseThrow();
        return refuse(at, "has none of its fields", options, "send one of them");
    }

    private @Nullable Object record(Class<?> type, JsonNode json, String at) {
        List<@Nullable Object> values = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = Shapes.name(component);
            JsonNode value = json.get(name);
            String path = join(at, name);
            values.add(
                    value == null
                            ? refuse(path, "is missing", limit(component), "add the field " + name)
                            : component(component, value, path));
        }
        Set<String> known = names(type);
        for (String name : json.propertyNames()) {
            if (!known.contains(name)) {
                refuse(
                        join(at, Shown.of(name)),
                        "is not a field of it",
                        String.join(", ", known),
                        ClosestNames.suggest(name, known));
            }
        }
        return make(type, values);
    }

    private @Nullable Object component(RecordComponent component, JsonNode json, String at) {
        if (component.getType() == double.class) {
            return number(Shapes.range(component), json, at);
        }
        if (component.getType() == Map.class) {
            return map(component, json, at);
        }
        return value(component.getType(), json, at);
    }

    private @Nullable Object map(RecordComponent component, JsonNode json, String at) {
        if (!json.isObject()) {
            return refuse(at, "is " + kindOf(json), "an object", "send {} for none");
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            Object key = constant(Shapes.argument(component, 0), field.getKey());
            String path = join(at, Shown.of(field.getKey()));
            if (key == null) {
                Set<String> known = constants(Shapes.argument(component, 0));
                refuse(path, "is none of them", String.join(", ", known), ClosestNames.suggest(field.getKey(), known));
                continue;
            }
            Object value = value(Shapes.argument(component, 1), field.getValue(), path);
            if (value != null) {
                map.put(key, value);
            }
        }
        return map;
    }

    private @Nullable Object array(Class<?> type, JsonNode json, String at) {
        RecordComponent[] elements = type.getRecordComponents();
        if (!json.isArray() || json.size() != elements.length) {
            String what = json.isArray() ? "has " + json.size() + " elements" : "is " + kindOf(json);
            return refuse(
                    at,
                    what,
                    elements.length + " numbers in brackets",
                    "send [" + String.join(", ", names(type)) + "]");
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < elements.length; i++) {
            values.add(number(Shapes.range(elements[i]), json.get(i), at + "[" + i + "]"));
        }
        return make(type, values);
    }

    private @Nullable Object number(Range range, JsonNode json, String at) {
        if (!json.isNumber()) {
            return refuse(at, "is " + kindOf(json), limit(range), "send a number");
        }
        double value = json.doubleValue();
        if (!(value >= range.min() && value <= range.max())) {
            double nearest = Math.clamp(Double.isNaN(value) ? 0 : value, range.min(), range.max());
            return refuse(
                    at, "is " + Shown.of(json.toString()), limit(range), "the nearest is " + Shapes.number(nearest));
        }
        // −0 and 0 are one number, and equal.
        return value + 0.0;
    }

    private @Nullable Object word(Class<?> type, JsonNode json, String at) {
        Object constant = json.isString() ? constant(type, json.stringValue()) : null;
        if (constant == null) {
            Set<String> known = constants(type);
            String what = json.isString() ? "is '" + Shown.of(json.stringValue()) + "'" : "is " + kindOf(json);
            String remedy = json.isString() ? ClosestNames.suggest(json.stringValue(), known) : "send a text";
            return refuse(at, what, String.join(", ", known), remedy);
        }
        return constant;
    }

    private static @Nullable Object make(Class<?> type, List<@Nullable Object> values) {
        if (values.stream().anyMatch(java.util.Objects::isNull)) {
            return null;
        }
        try {
            return type.getDeclaredConstructors()[0].newInstance(values.toArray());
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private @Nullable Object refuse(String field, String message, String limit, String remedy) {
        faults.add(new InvalidDescriptionException.Fault(field, message, limit, remedy));
        return null;
    }

    private static String join(String at, String name) {
        return at.equals("description") ? name : at + "." + name;
    }

    private static Set<String> names(Class<?> type) {
        Set<String> names = new LinkedHashSet<>();
        Class<?>[] records = type.isSealed() ? type.getPermittedSubclasses() : new Class<?>[] {type};
        for (Class<?> record : records) {
            Stream.of(record.getRecordComponents()).map(Shapes::name).forEach(names::add);
        }
        return names;
    }

    private static Set<String> constants(Class<?> type) {
        Set<String> names = new LinkedHashSet<>();
        Stream.of(type.getEnumConstants()).map(Object::toString).forEach(names::add);
        return names;
    }

    private static @Nullable Object constant(Class<?> type, String name) {
        return Stream.of(type.getEnumConstants())
                .filter(constant -> constant.toString().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static String limit(RecordComponent component) {
        Class<?> type = component.getType();
        if (type == double.class) {
            return limit(Shapes.range(component));
        }
        return type.isEnum() ? String.join(", ", constants(type)) : Shapes.isArray(type) ? "an array" : "an object";
    }

    private static String limit(Range range) {
        return Shapes.number(range.min()) + " to " + Shapes.number(range.max()) + " " + range.unit();
    }

    private static String kindOf(JsonNode json) {
        return switch (json.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            default -> "null";
        };
    }
}

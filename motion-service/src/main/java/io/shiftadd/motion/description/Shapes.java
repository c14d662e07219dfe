package io.shiftadd.motion.description;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Locale;

/** What reader, writer and schema all ask of the records: names, ranges, parts. */
final class Shapes {

    private Shapes() {}

    /** The name in JSON: words joined by underscores. */
    static String name(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    static Range range(RecordComponent component) {
        Range range = component.getAnnotation(Range.class);
        if (range == null) {
            throw new IllegalStateException(component + " has no range");
        }
        return range;
    }

    static boolean isArray(Class<?> type) {
        return type.isAnnotationPresent(Elements.class);
    }

    /** The type of a map's keys (0) or values (1). */
    static Class<?> argument(RecordComponent map, int index) {
        return (Class<?>) ((ParameterizedType) map.getGenericType()).getActualTypeArguments()[index];
    }

    /** A number as it is read in messages and written in JSON: 2, 0.3, not 2.0. */
    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    static Object value(Object holder, RecordComponent component) {
        try {
            return component.getAccessor().invoke(holder);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}

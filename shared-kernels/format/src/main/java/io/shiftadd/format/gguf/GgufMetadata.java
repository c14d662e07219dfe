package io.shiftadd.format.gguf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The key-value pairs of a GGUF file. */
public final class GgufMetadata {

    /** The longest lists are vocabularies and their merges. */
    private static final int MAX_LIST = 4_000_000;

    private static final int MAX_TEXT_BYTES = 16_000_000;

    private final MemorySegment file;
    private final String where;
    private final Map<String, GgufValue> values;

    GgufMetadata(MemorySegment file, String where, Map<String, GgufValue> values) {
        this.file = file;
        this.where = where;
        this.values = values;
    }

    public Set<String> keys() {
        return values.keySet();
    }

    /**
     * @throws FormatException when the value is there and is no string
     */
    public Optional<String> text(String key) {
        GgufValue value = single(key);
        if (value == null) {
            return Optional.empty();
        }
        requireType(value.type() == GgufValue.Type.STRING, key, "a string");
        return Optional.of(new GgufCursor(file, where, value.offset()).text("'" + key + "'", MAX_TEXT_BYTES));
    }

    /**
     * @throws FormatException when the value is there and is no integer that fits into 63 bits
     */
    public OptionalLong integer(String key) {
        GgufValue value = single(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(integer(value, 0, key));
    }

    /**
     * @throws FormatException when the value is there and is no number
     */
    public OptionalDouble number(String key) {
        GgufValue value = single(key);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(number(value, 0, key));
    }

    /**
     * @throws FormatException when the value is there and is no boolean
     */
    public Optional<Boolean> flag(String key) {
        GgufValue value = single(key);
        if (value == null) {
            return Optional.empty();
        }
        requireType(value.type() == GgufValue.Type.BOOL, key, "a boolean");
        return Optional.of(file.get(JAVA_BYTE, value.offset()) != 0);
    }

    /**
     * A list of strings; empty when the key is absent.
     *
     * @throws FormatException when the value is there and is no list of strings
     */
    public List<String> texts(String key) {
        GgufValue list = list(key);
        if (list == null) {
            return List.of();
        }
        requireType(list.type() == GgufValue.Type.STRING, key, "a list of strings");
        GgufCursor cursor = new GgufCursor(file, where, list.offset());
        List<String> texts = new ArrayList<>((int) list.count());
        for (long i = 0; i < list.count(); i++) {
            texts.add(cursor.text("an element of '" + key + "'", GgufCursor.MAX_NAME_BYTES));
        }
        return texts;
    }

    /** As {@link #texts}; bytes that are no UTF-8 become U+FFFD, as tokens may be any bytes. */
    public List<String> lenientTexts(String key) {
        GgufValue list = list(key);
        if (list == null) {
            return List.of();
        }
        requireType(list.type() == GgufValue.Type.STRING, key, "a list of strings");
        GgufCursor cursor = new GgufCursor(file, where, list.offset());
        List<String> texts = new ArrayList<>((int) list.count());
        for (long i = 0; i < list.count(); i++) {
            texts.add(cursor.lenientText("an element of '" + key + "'", GgufCursor.MAX_NAME_BYTES));
        }
        return texts;
    }

    /** A list of integers; empty when the key is absent. */
    public long[] integers(String key) {
        GgufValue list = list(key);
        long[] values = new long[list == null ? 0 : (int) list.count()];
        for (int i = 0; list != null && i < values.length; i++) {
            values[i] = integer(list, i, key);
        }
        return values;
    }

    /** A list of numbers; empty when the key is absent. */
    public double[] numbers(String key) {
        GgufValue list = list(key);
        double[] values = new double[list == null ? 0 : (int) list.count()];
        for (int i = 0; list != null && i < values.length; i++) {
            values[i] = number(list, i, key);
        }
        return values;
    }

    /** Whether the value is a list. */
    boolean isList(String key) {
        GgufValue value = values.get(key);
        return value != null && value.isList();
    }

    private @Nullable GgufValue single(String key) {
        GgufValue value = values.get(key);
        if (value != null) {
            requireType(!value.isList(), key, "a single value");
        }
        return value;
    }

    private @Nullable GgufValue list(String key) {
        GgufValue value = values.get(key);
        if (value != null) {
            requireType(value.isList(), key, "a list");
            if (value.count() > MAX_LIST) {
                throw new FormatException(
                        "'" + key + "' has " + value.count() + " elements",
                        where,
                        "the limit is " + MAX_LIST,
                        GgufHeader.REMEDY);
            }
        }
        return value;
    }

    private long integer(GgufValue value, long index, String key) {
        long at = value.offset() + index * value.type().bytes();
        return switch (value.type()) {
            case UINT8 -> Byte.toUnsignedLong(file.get(JAVA_BYTE, at));
            case INT8 -> file.get(JAVA_BYTE, at);
            case UINT16 -> Short.toUnsignedLong(file.get(TensorView.SHORT, at));
            case INT16 -> file.get(TensorView.SHORT, at);
            case UINT32 -> Integer.toUnsignedLong(file.get(TensorView.INT, at));
            case INT32 -> file.get(TensorView.INT, at);
            case INT64 -> file.get(TensorView.LONG, at);
            case UINT64 -> {
                long number = file.get(TensorView.LONG, at);
                requireType(number >= 0, key, "an integer below 2^63");
                yield number;
            }
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> throw wrongType(key, "an integer");
        };
    }

    private double number(GgufValue value, long index, String key) {
        long at = value.offset() + index * value.type().bytes();
        return switch (value.type()) {
            // The shortest decimal that is this float: 1e-5 and not 9.999999747378752e-6.
            case FLOAT32 -> Double.parseDouble(Float.toString(file.get(TensorView.FLOAT, at)));
            case FLOAT64 -> file.get(TensorView.DOUBLE, at);
            default -> integer(value, index, key);
        };
    }

    private void requireType(boolean matches, String key, String expected) {
        if (!matches) {
            throw wrongType(key, expected);
        }
    }

    private FormatException wrongType(String key, String expected) {
        return new FormatException(
                "'" + key + "' has the wrong type", where, "it must be " + expected, GgufHeader.REMEDY);
    }
}

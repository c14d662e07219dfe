package io.shiftadd.format.safetensors;

import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.ModelJson;
import io.shiftadd.format.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Streams through the JSON of a safetensors header; never builds a tree of it, because it may have 100 MB. */
final class SafetensorsHeaderParser {

    private static final int MAX_RANK = 64;
    private static final String REMEDY = "The header is damaged: download or write the file again.";

    private final byte[] text;
    private final String where;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<TensorInfo> tensors = new ArrayList<>();

    SafetensorsHeaderParser(byte[] text, String where) {
        this.text = text;
        this.where = where;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** Tensors sorted by their offsets. */
    List<TensorInfo> parse() {
        if (text.length == 0 || text[0] != '{') {
            throw invalid("does not begin with '{'", "a header is one JSON object");
        }
        ModelJson.streamWithUniqueNames(text, where, this::readHeader);
        tensors.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
        return tensors;
    }

    private void readHeader(JsonParser parser) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("__metadata__")) {
                readMetadata(parser);
            } else {
                tensors.add(readTensor(parser, name));
            }
        }
    }

    private void readMetadata(JsonParser parser) {
        String rule = "it must be an object of strings";
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("__metadata__ is not an object", rule);
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw invalid("__metadata__ has '" + key + "' which is no string", rule);
            }
            metadata.put(key, parser.getString());
        }
    }

    private TensorInfo readTensor(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("tensor '" + name + "' is not an object", "it must have dtype, shape and data_offsets");
        }
        DType dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> dtype = readType(parser, name);
                case "shape" -> shape = readIntegers(parser, name, "shape");
                case "data_offsets" -> offsets = readIntegers(parser, name, "data_offsets");
                default -> parser.skipChildren();
            }
        }
        return tensor(name, dtype, shape, offsets);
    }

    private TensorInfo tensor(String name, @Nullable DType dtype, long @Nullable [] shape, long @Nullable [] offsets) {
        if (dtype == null || shape == null || offsets == null) {
            throw invalid(
                    "tensor '" + name + "' lacks "
                            + (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets"),
                    "it must have dtype, shape and data_offsets");
        }
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw invalid(
                    "tensor '" + name + "' has data_offsets " + Arrays.toString(offsets),
                    "they must be a begin and an end not before it");
        }
        long size;
        try {
            size = Math.multiplyExact(TensorInfo.elementCount(shape), (long) dtype.bytes());
        } catch (ArithmeticException e) {
            throw invalid(
                    "tensor '" + name + "' has shape " + Arrays.toString(shape), "its size must fit into 63 bits");
        }
        if (size != offsets[1] - offsets[0]) {
            throw invalid(
                    "tensor '" + name + "' has " + (offsets[1] - offsets[0]) + " bytes",
                    "shape " + Arrays.toString(shape) + " of " + dtype + " takes " + size);
        }
        return new TensorInfo(name, dtype, shape, offsets[0], offsets[1]);
    }

    private DType readType(JsonParser parser, String name) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw invalid("tensor '" + name + "' has a dtype that is no string", "it must name one of the known types");
        }
        String type = parser.getString();
        return DType.named(type)
                .orElseThrow(() -> new FormatException(
                        "tensor '" + name + "' has the unknown dtype '" + type + "'",
                        where,
                        "known are " + Arrays.toString(DType.values()),
                        "Convert the model to one of these types."));
    }

    private long[] readIntegers(JsonParser parser, String name, String key) {
        String rule = "it must be a list of at most " + MAX_RANK + " non-negative integers below 2^63";
        String what = "tensor '" + name + "' has a wrong " + key;
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw invalid(what, rule);
        }
        long[] values = new long[4];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || parser.getLongValue() < 0
                    || count == MAX_RANK) {
                throw invalid(what, rule);
            }
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = parser.getLongValue();
        }
        return Arrays.copyOf(values, count);
    }

    private FormatException invalid(String what, String limit) {
        return new FormatException(what, where, limit, REMEDY);
    }
}

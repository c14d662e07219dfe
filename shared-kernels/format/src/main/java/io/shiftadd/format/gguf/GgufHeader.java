package io.shiftadd.format.gguf;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.MappedFile;
import io.shiftadd.format.TensorInfo;
import io.shiftadd.format.gguf.GgufValue.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The validated header of a GGUF file. */
record GgufHeader(GgufMetadata metadata, Map<String, GgufTensor> tensors) {

    static final String REMEDY =
            "Download the file again if it is shorter than where it was published; else convert the model again.";

    static final String CONVERT =
            "Convert the model again with a current convert_hf_to_gguf.py, or use its safetensors files.";

    private static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;

    /** Version 1 had 32-bit counts; version 3 differs from 2 in saying that big-endian files may exist. */
    private static final List<Integer> VERSIONS = List.of(2, 3);

    /** Far beyond the largest models, which have some thousand tensors and some dozen keys. */
    private static final long MAX_ENTRIES = 100_000;

    private static final long MIN_KEY_VALUE_BYTES = 8 + 4 + 1;
    private static final long MIN_TENSOR_BYTES = 8 + 4 + 4 + 8;
    private static final int MAX_DIMENSIONS = 4;
    private static final long DEFAULT_ALIGNMENT = 32;
    private static final long MAX_ALIGNMENT = 1 << 20;

    static GgufHeader read(MappedFile file) {
        return new Parser(file).parse();
    }

    /**
     * Where the header ends in a file of which only the beginning is there.
     *
     * @param beginning of the file
     * @return empty when the header is longer than that
     * @throws FormatException when it is malformed
     */
    static OptionalLong end(MappedFile beginning) {
        Parser parser = new Parser(beginning);
        try {
            parser.list();
            return OptionalLong.of(parser.cursor.position());
        } catch (FormatException e) {
            if (parser.cursor.isWanting()) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    private record Listed(String name, int code, long[] shape, long offset) {}

    private static final class Parser {
        private final MappedFile file;
        private final String where;
        private final GgufCursor cursor;
        private final Map<String, GgufValue> values = new LinkedHashMap<>();
        private long alignment = DEFAULT_ALIGNMENT;

        private Parser(MappedFile file) {
            this.file = file;
            this.where = file.path().toString();
            this.cursor = new GgufCursor(file.bytes(), where, 0);
        }

        GgufHeader parse() {
            List<Listed> listed = list();
            GgufMetadata metadata = new GgufMetadata(file.bytes(), where, values);
            return new GgufHeader(metadata, place(listed, Math.ceilDiv(cursor.position(), alignment) * alignment));
        }

        private List<Listed> list() {
            checkVersion();
            long tensorCount = cursor.count("the number of tensors", MIN_TENSOR_BYTES, MAX_ENTRIES);
            long valueCount = cursor.count("the number of key-value pairs", MIN_KEY_VALUE_BYTES, MAX_ENTRIES);
            for (long i = 0; i < valueCount; i++) {
                readValue();
            }
            GgufMetadata metadata = new GgufMetadata(file.bytes(), where, values);
            alignment = metadata.integer("general.alignment").orElse(DEFAULT_ALIGNMENT);
            if (alignment < 1 || alignment > MAX_ALIGNMENT || Long.bitCount(alignment) != 1) {
                throw invalid("has the alignment " + alignment, "it must be a power of two up to " + MAX_ALIGNMENT);
            }
            List<Listed> listed = new ArrayList<>();
            for (long i = 0; i < tensorCount; i++) {
                listed.add(readTensor());
            }
            return listed;
        }

        private void checkVersion() {
            if (cursor.int32("the magic number") != MAGIC) {
                throw invalid("does not begin with 'GGUF'", "a GGUF file does");
            }
            int version = cursor.int32("the version");
            if (!VERSIONS.contains(version)) {
                boolean bigEndian = VERSIONS.contains(Integer.reverseBytes(version));
                throw new FormatException(
                        bigEndian ? "is big-endian" : "has version " + Integer.toUnsignedString(version),
                        where,
                        "little-endian files of the versions " + VERSIONS + " are read",
                        "Convert the model with a current convert_hf_to_gguf.py, or use its safetensors files.");
            }
        }

        private void readValue() {
            String key = cursor.text("a key", GgufCursor.MAX_NAME_BYTES);
            Type type = readType();
            GgufValue value;
            if (type == Type.ARRAY) {
                Type element = readType();
                if (element == Type.ARRAY) {
                    throw invalid("'" + key + "' is a list of lists", "lists hold single values");
                }
                int smallest = element == Type.STRING ? Long.BYTES : element.bytes();
                long count = cursor.count("the length of '" + key + "'", smallest, Long.MAX_VALUE);
                value = new GgufValue(element, count, cursor.position());
                skipElements(element, count);
            } else {
                value = new GgufValue(type, -1, cursor.position());
                skipElements(type, 1);
            }
            if (values.put(key, value) != null) {
                throw invalid("has the key '" + key + "' twice", "keys are unique");
            }
        }

        private void skipElements(Type type, long count) {
            if (type != Type.STRING) {
                cursor.skip(count * type.bytes(), "a value");
                return;
            }
            for (long i = 0; i < count; i++) {
                cursor.skip(cursor.count("the length of a string", 1, Long.MAX_VALUE), "a string");
            }
        }

        private Type readType() {
            int code = cursor.int32("the type of a value");
            if (code < 0 || code >= Type.values().length) {
                throw invalid(
                        "has a value of type " + Integer.toUnsignedString(code),
                        "types are below " + Type.values().length);
            }
            return Type.values()[code];
        }

        private Listed readTensor() {
            String name = cursor.text("the name of a tensor", GgufCursor.MAX_NAME_BYTES);
            int dimensions = cursor.int32("the dimensions of '" + name + "'");
            if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
                throw invalid(
                        "tensor '" + name + "' has " + Integer.toUnsignedString(dimensions) + " dimensions",
                        "the limit is " + MAX_DIMENSIONS);
            }
            long[] shape = new long[dimensions];
            for (int i = dimensions - 1; i >= 0; i--) {
                shape[i] = cursor.int64("the shape of '" + name + "'");
            }
            int code = cursor.int32("the type of '" + name + "'");
            long offset = cursor.int64("the offset of '" + name + "'");
            if (offset < 0 || offset % alignment != 0) {
                throw invalid(
                        "tensor '" + name + "' begins at byte " + Long.toUnsignedString(offset) + " of the data",
                        "it must be a multiple of the alignment " + alignment);
            }
            return new Listed(name, code, shape, offset);
        }

        private Map<String, GgufTensor> place(List<Listed> listed, long dataStart) {
            List<GgufTensor> tensors = new ArrayList<>();
            for (Listed tensor : listed) {
                long size = byteSize(tensor);
                if (tensor.offset() > file.size() - dataStart || size > file.size() - dataStart - tensor.offset()) {
                    throw invalid(
                            "tensor '" + tensor.name() + "' of " + size + " bytes begins at byte " + tensor.offset()
                                    + " of the data",
                            "the data has " + Math.max(0, file.size() - dataStart) + " bytes");
                }
                tensors.add(new GgufTensor(
                        file, tensor.name(), tensor.code(), tensor.shape(), dataStart + tensor.offset(), size));
            }
            tensors.sort(Comparator.comparingLong(GgufTensor::offset).thenComparingLong(GgufTensor::byteSize));
            Map<String, GgufTensor> byName = new LinkedHashMap<>();
            long end = 0;
            for (GgufTensor tensor : tensors) {
                if (tensor.offset() < end) {
                    throw invalid(
                            "tensor '" + tensor.name() + "' begins at byte " + tensor.offset(),
                            "the one before it ends at " + end + ", and tensors must not overlap");
                }
                end = tensor.offset() + tensor.byteSize();
                if (byName.put(tensor.name(), tensor) != null) {
                    throw invalid("has the tensor '" + tensor.name() + "' twice", "names are unique");
                }
            }
            return byName;
        }

        private long byteSize(Listed tensor) {
            long[] shape = tensor.shape();
            String what = "tensor '" + tensor.name() + "' has shape " + Arrays.toString(shape);
            for (long dimension : shape) {
                if (dimension < 0) {
                    throw invalid(what, "dimensions are not negative");
                }
            }
            GgmlType type = GgmlType.of(tensor.code()).orElse(null);
            if (type == null) {
                // Rejected only when it is needed: nothing is known of its size.
                return 0;
            }
            if (type.blockElements() > 1
                    && (shape.length == 0 || shape[shape.length - 1] % type.blockElements() != 0)) {
                throw invalid(what, "rows of " + type + " are multiples of " + type.blockElements());
            }
            try {
                long count = TensorInfo.elementCount(shape);
                return Math.addExact(
                        Math.multiplyExact(count / type.blockElements(), (long) type.blockBytes()), type.tailBytes());
            } catch (ArithmeticException e) {
                throw invalid(what, "its size must fit into 63 bits");
            }
        }

        private FormatException invalid(String what, String limit) {
            return new FormatException(what, where, limit, REMEDY);
        }
    }
}

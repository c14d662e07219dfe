package io.shiftadd.format.safetensors;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.MappedFile;
import io.shiftadd.format.TensorInfo;
import io.shiftadd.format.TensorView;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The validated header of a safetensors file.
 *
 * @param tensors in the order of the data
 * @param dataStart offset in the file at which the data begins
 */
record SafetensorsHeader(Map<String, TensorInfo> tensors, Map<String, String> metadata, long dataStart) {

    private static final int LENGTH_BYTES = 8;

    /** The limit of the reference implementation. */
    static final long MAX_LENGTH = 100_000_000;

    private static final String REMEDY = "The file is damaged or incomplete: download or write it again.";

    static SafetensorsHeader read(MappedFile file) {
        String where = file.path().toString();
        long size = file.size();
        if (size < LENGTH_BYTES) {
            throw new FormatException("has " + size + " bytes", where, "a safetensors file has at least 8", REMEDY);
        }
        long length = file.bytes().get(TensorView.LONG, 0);
        if (length < 0 || length > MAX_LENGTH) {
            throw new FormatException(
                    "header length is " + Long.toUnsignedString(length),
                    where + ", byte 0",
                    "the limit is " + MAX_LENGTH,
                    "This is no safetensors file, or it is damaged: download or write it again.");
        }
        if (length > size - LENGTH_BYTES) {
            throw new FormatException(
                    "header ends at byte " + (LENGTH_BYTES + length), where, "the file ends at " + size, REMEDY);
        }
        MemorySegment text = file.bytes().asSlice(LENGTH_BYTES, length);
        SafetensorsHeaderParser parser = new SafetensorsHeaderParser(text.toArray(JAVA_BYTE), where + ", header");
        List<TensorInfo> tensors = parser.parse();
        long dataStart = LENGTH_BYTES + length;
        checkTiling(tensors, size - dataStart, where);
        Map<String, TensorInfo> byName = new LinkedHashMap<>();
        tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
        return new SafetensorsHeader(
                Collections.unmodifiableMap(byName), Collections.unmodifiableMap(parser.metadata()), dataStart);
    }

    /** Every byte of the data belongs to exactly one tensor. {@code tensors} is sorted by offset. */
    private static void checkTiling(List<TensorInfo> tensors, long dataSize, String where) {
        long end = 0;
        String previous = "";
        for (TensorInfo tensor : tensors) {
            if (tensor.begin() != end) {
                String limit;
                if (previous.isEmpty()) {
                    limit = "the first tensor begins at 0";
                } else {
                    limit = "tensor '" + previous + "' before it ends at " + end + ", and "
                            + (tensor.begin() < end ? "tensors must not overlap" : "there must be no holes");
                }
                throw new FormatException(
                        "tensor '" + tensor.name() + "' begins at byte " + tensor.begin() + " of the data",
                        where,
                        limit,
                        REMEDY);
            }
            end = tensor.end();
            previous = tensor.name();
        }
        if (end > dataSize) {
            throw new FormatException(
                    "tensor '" + previous + "' ends at byte " + end + " of the data",
                    where,
                    "the data ends at " + dataSize,
                    REMEDY);
        }
        if (end < dataSize) {
            throw new FormatException(
                    "has " + dataSize + " bytes of data", where, "the last tensor ends at byte " + end, REMEDY);
        }
    }
}

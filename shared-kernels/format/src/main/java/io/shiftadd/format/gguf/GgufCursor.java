package io.shiftadd.format.gguf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorView;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the fields of a GGUF header one after the other and never beyond the file. */
final class GgufCursor {

    static final int MAX_NAME_BYTES = 65_535;

    private final MemorySegment file;
    private final String where;
    private long position;
    private boolean wanting;

    GgufCursor(MemorySegment file, String where, long position) {
        this.file = file;
        this.where = where;
        this.position = position;
    }

    long position() {
        return position;
    }

    long remaining() {
        return file.byteSize() - position;
    }

    /** Whether reading ended because there were no more bytes. */
    boolean isWanting() {
        return wanting;
    }

    int int32(String what) {
        require(Integer.BYTES, what);
        int value = file.get(TensorView.INT, position);
        position += Integer.BYTES;
        return value;
    }

    long int64(String what) {
        require(Long.BYTES, what);
        long value = file.get(TensorView.LONG, position);
        position += Long.BYTES;
        return value;
    }

    /** A count of things of which each takes at least {@code minimumBytes}. */
    long count(String what, long minimumBytes, long limit) {
        long at = position;
        long count = int64(what);
        if (count < 0 || count > limit || count > remaining() / minimumBytes) {
            wanting = count >= 0 && count <= limit;
            throw new FormatException(
                    what + " is " + Long.toUnsignedString(count),
                    where + ", byte " + at,
                    "the limit is " + Math.min(limit, remaining() / minimumBytes)
                            + ", for want of more bytes or by rule",
                    GgufHeader.REMEDY);
        }
        return count;
    }

    /** Bytes that are no UTF-8 become U+FFFD. */
    String lenientText(String what, long maxBytes) {
        return new String(bytes(what, maxBytes), StandardCharsets.UTF_8);
    }

    private byte[] bytes(String what, long maxBytes) {
        long length = count("the length of " + what, 1, maxBytes);
        byte[] bytes = file.asSlice(position, length).toArray(JAVA_BYTE);
        position += length;
        return bytes;
    }

    String text(String what, long maxBytes) {
        byte[] bytes = bytes(what, maxBytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(
                    what + " is not UTF-8",
                    where + ", byte " + (position - bytes.length),
                    "strings must be encoded in UTF-8",
                    GgufHeader.REMEDY,
                    e);
        }
    }

    void skip(long bytes, String what) {
        require(bytes, what);
        position += bytes;
    }

    private void require(long bytes, String what) {
        if (bytes < 0 || bytes > remaining()) {
            wanting = bytes > 0;
            throw new FormatException(
                    "ends within " + what,
                    where + ", byte " + position,
                    "the file ends at " + file.byteSize(),
                    GgufHeader.REMEDY);
        }
    }
}

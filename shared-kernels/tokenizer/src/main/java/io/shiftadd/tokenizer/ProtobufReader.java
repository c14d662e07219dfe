package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Walks through the fields of a Protocol Buffers message. Enough for the four messages of a SentencePiece model, and
 * smaller than the generated classes would be.
 */
final class ProtobufReader {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final String where;
    private final ByteBuffer in;
    private int field;
    private int wireType;

    ProtobufReader(ByteBuffer message, String where) {
        this.in = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.where = where;
    }

    /** Moves to the next field, whose value must then be read or skipped; false at the end of the message. */
    boolean next() {
        if (!in.hasRemaining()) {
            return false;
        }
        long tag = varint();
        if (tag >>> 32 != 0 || tag >>> 3 == 0) {
            throw broken("has the field tag " + Long.toUnsignedString(tag));
        }
        field = (int) (tag >>> 3);
        wireType = (int) tag & 7;
        return true;
    }

    int field() {
        return field;
    }

    long integer() {
        expect(VARINT);
        return varint();
    }

    float number() {
        expect(FIXED32);
        require(Float.BYTES);
        return in.getFloat();
    }

    /** The bytes of an embedded message or of a bytes field. */
    ByteBuffer bytes() {
        expect(LENGTH_DELIMITED);
        int length = length();
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        return bytes;
    }

    String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes()).toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(
                    "field " + field + " is not UTF-8",
                    where + ", byte " + in.position(),
                    "text must be encoded in UTF-8",
                    "Use the tokenizer.model of the original model, or its tokenizer.json.",
                    e);
        }
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> advance(Long.BYTES);
            case LENGTH_DELIMITED -> advance(length());
            case FIXED32 -> advance(Integer.BYTES);
            default -> throw broken("has the wire type " + wireType);
        }
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > in.remaining()) {
            throw broken(
                    "has a field of " + Long.toUnsignedString(length) + " bytes where " + in.remaining() + " are left");
        }
        return (int) length;
    }

    private void advance(int count) {
        require(count);
        in.position(in.position() + count);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            require(1);
            byte b = in.get();
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw broken("has an integer of more than 10 bytes");
    }

    private void expect(int type) {
        if (wireType != type) {
            throw broken("has field " + field + " with the wire type " + wireType + " instead of " + type);
        }
    }

    private void require(int count) {
        if (in.remaining() < count) {
            throw broken("ends within a field");
        }
    }

    private FormatException broken(String what) {
        return new FormatException(
                what,
                where + ", byte " + in.position(),
                "a SentencePiece model is a Protocol Buffers message",
                "Use the tokenizer.model of the original model, or its tokenizer.json.");
    }
}

package io.shiftadd.format.torch;

import io.shiftadd.format.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the operands of a pickle's opcodes one after the other, never beyond its end. */
final class PickleReader {

    static final String REMEDY = "Get the model's safetensors files, or convert it where you trust it, in Python:"
            + " AutoModelForCausalLM.from_pretrained(directory).save_pretrained(target, safe_serialization=True)";

    private static final int MAX_TEXT = 65_535;

    private final ByteBuffer bytes;
    private final String where;

    PickleReader(byte[] bytes, String where) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.where = where;
    }

    int opcode() {
        require(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    int unsignedByte() {
        return opcode();
    }

    int unsignedShort() {
        require(Short.BYTES);
        return Short.toUnsignedInt(bytes.getShort());
    }

    int int32() {
        require(Integer.BYTES);
        return bytes.getInt();
    }

    /** A signed integer of as many bytes as its first byte says, at most eight. */
    long longer() {
        int count = unsignedByte();
        if (count > Long.BYTES) {
            throw refusal("has a number of " + count + " bytes", "numbers have at most " + Long.BYTES);
        }
        require(count);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (long) Byte.toUnsignedInt(bytes.get()) << (8 * i);
        }
        int unused = Long.SIZE - 8 * count;
        return count == 0 ? 0 : value << unused >> unused;
    }

    void skipDouble() {
        require(Double.BYTES);
        bytes.getDouble();
    }

    String text() {
        int length = int32();
        if (length < 0 || length > MAX_TEXT) {
            throw refusal(
                    "has a text of " + Integer.toUnsignedString(length) + " bytes", "texts have at most " + MAX_TEXT);
        }
        require(length);
        byte[] text = new byte[length];
        bytes.get(text);
        return decode(text);
    }

    /** Up to the next line feed. */
    String line() {
        int start = bytes.position();
        int end = start;
        while (end < bytes.limit() && bytes.get(end) != '\n' && end - start <= MAX_TEXT) {
            end++;
        }
        require(end - start + 1);
        byte[] text = new byte[end - start];
        bytes.get(text);
        if (bytes.get() != '\n') {
            throw refusal("has a name of more than " + MAX_TEXT + " bytes", "names end with their line");
        }
        return decode(text);
    }

    private String decode(byte[] text) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException("has a text that is not UTF-8", place(), "texts are UTF-8", REMEDY, e);
        }
    }

    private void require(int count) {
        if (bytes.remaining() < count) {
            throw refusal("ends within its program", "the last of a pickle's opcodes is STOP");
        }
    }

    FormatException refusal(String what, String limit) {
        return new FormatException(what, place(), limit, REMEDY);
    }

    private String place() {
        return where + ", byte " + bytes.position();
    }
}

package io.shiftadd.format.gguf;

import io.shiftadd.format.gguf.GgufValue.Type;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The header of a GGUF file in the making: little-endian numbers, texts with their lengths, values with their types.
 */
final class GgufBuffer {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A key with its value, as {@link GgufWriter#put} has them. */
    void entry(String key, Object value) {
        text(key);
        switch (value) {
            case String text -> type(Type.STRING).text(text);
            case Boolean flag -> type(Type.BOOL).bytes((byte) (flag ? 1 : 0));
            case Integer number -> type(Type.UINT32).int32(number);
            case Float number -> type(Type.FLOAT32).int32(Float.floatToRawIntBits(number));
            case int[] numbers -> {
                list(Type.INT32, numbers.length);
                for (int number : numbers) {
                    int32(number);
                }
            }
            case float[] numbers -> {
                list(Type.FLOAT32, numbers.length);
                for (float number : numbers) {
                    int32(Float.floatToRawIntBits(number));
                }
            }
            case List<?> texts -> {
                list(Type.STRING, texts.size());
                texts.forEach(each -> text((String) each));
            }
            default ->
                throw new IllegalArgumentException(
                        "'" + key + "' has a value of " + value.getClass() + ", which is not written");
        }
    }

    private GgufBuffer type(Type type) {
        return int32(type.ordinal());
    }

    private void list(Type elements, int count) {
        type(Type.ARRAY).type(elements).int64(count);
    }

    GgufBuffer text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return int64(utf8.length).bytes(utf8);
    }

    GgufBuffer int32(int value) {
        return bytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    GgufBuffer int64(long value) {
        return bytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    GgufBuffer bytes(byte... more) {
        bytes.writeBytes(more);
        return this;
    }

    GgufBuffer padTo(int multiple) {
        return bytes(new byte[Math.ceilDiv(bytes.size(), multiple) * multiple - bytes.size()]);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}

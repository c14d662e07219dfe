package io.shiftadd.format;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A tensor's elements where they lie, usually in a mapped file: valid as long as the file is open.
 *
 * @param shape outermost dimension first, row-major; empty for a scalar
 * @param data exactly the elements, little-endian, at any alignment
 */
public record TensorView(String name, DType dtype, long[] shape, MemorySegment data) {

    public static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
    public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    public static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

    public TensorView {
        long expected = Math.multiplyExact(TensorInfo.elementCount(shape), (long) dtype.bytes());
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException("tensor '" + name + "' of shape " + Arrays.toString(shape) + " and type "
                    + dtype + " takes " + expected + " bytes, not " + data.byteSize());
        }
    }

    /**
     * A tensor over an array on the heap, which it shares. Only on little-endian machines, as all that are supported.
     */
    public static TensorView ofFloats(String name, long[] shape, float[] values) {
        return new TensorView(name, DType.F32, shape, MemorySegment.ofArray(values));
    }

    public long elementCount() {
        return data.byteSize() / dtype.bytes();
    }

    /**
     * All elements as float32.
     *
     * @throws FormatException when the type is not a floating-point one or there are more elements than an array holds
     */
    public float[] toFloatArray() {
        float[] values = new float[arrayLength()];
        return ChangedFile.watch("tensor '" + name + "'", () -> {
            copyFloats(0, values, 0, values.length);
            return values;
        });
    }

    /**
     * Elements {@code from .. from+count} as float32, into {@code target} at {@code targetOffset}; an embedding's row
     * is read this way without touching the others.
     *
     * @throws FormatException when the type is not a floating-point one
     */
    public void copyFloats(long from, float[] target, int targetOffset, int count) {
        long at = Math.multiplyExact(from, (long) dtype.bytes());
        switch (dtype) {
            case F32 -> MemorySegment.copy(data, FLOAT, at, target, targetOffset, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target[targetOffset + i] = Float.float16ToFloat(data.get(SHORT, at + 2L * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target[targetOffset + i] = Float.intBitsToFloat(data.get(SHORT, at + 2L * i) << 16);
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    target[targetOffset + i] = (float) data.get(DOUBLE, at + 8L * i);
                }
            }
            default -> throw wrongType("F32, F16, BF16 or F64");
        }
    }

    /**
     * All elements of an integer tensor.
     *
     * @throws FormatException when the type is not an integer one or a value does not fit
     */
    public int[] toIntArray() {
        int[] values = new int[arrayLength()];
        switch (dtype) {
            case I32 -> MemorySegment.copy(data, INT, 0, values, 0, values.length);
            case I64 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = toInt(data.get(LONG, 8L * i), i);
                }
            }
            case I16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = data.get(SHORT, 2L * i);
                }
            }
            case U16 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Short.toUnsignedInt(data.get(SHORT, 2L * i));
                }
            }
            case U8, BOOL -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Byte.toUnsignedInt(data.get(JAVA_BYTE, i));
                }
            }
            case I8 -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] = data.get(JAVA_BYTE, i);
                }
            }
            default -> throw wrongType("I64, I32, I16, U16, I8, U8 or BOOL");
        }
        return values;
    }

    /** The bytes as they lie in the file. */
    public byte[] toByteArray() {
        if (data.byteSize() > Integer.MAX_VALUE - 8) {
            throw tooLarge(data.byteSize() + " bytes");
        }
        return ChangedFile.watch("tensor '" + name + "'", () -> data.toArray(JAVA_BYTE));
    }

    private int arrayLength() {
        long count = elementCount();
        if (count > Integer.MAX_VALUE - 8) {
            throw tooLarge(count + " elements");
        }
        return (int) count;
    }

    private int toInt(long value, int index) {
        if (value != (int) value) {
            throw new FormatException(
                    "element " + index + " is " + value,
                    "tensor '" + name + "'",
                    "it must fit into 32 bits",
                    "Write the tensor again with smaller values.");
        }
        return (int) value;
    }

    private FormatException tooLarge(String size) {
        return new FormatException(
                "has " + size,
                "tensor '" + name + "'",
                "a Java array holds at most " + (Integer.MAX_VALUE - 8),
                "Read it in parts.");
    }

    private FormatException wrongType(String expected) {
        return new FormatException(
                "has type " + dtype,
                "tensor '" + name + "'",
                "expected " + expected,
                "Convert the tensor to one of these types.");
    }
}

package io.shiftadd.format.ggml;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers of several bytes, little-endian, in a block. */
final class Bits {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Bits() {}

    static int unsigned16(byte[] b, int at) {
        return (short) SHORT.get(b, at) & 0xFFFF;
    }

    static int int32(byte[] b, int at) {
        return (int) INT.get(b, at);
    }

    static float half(byte[] b, int at) {
        return Float.float16ToFloat((short) SHORT.get(b, at));
    }

    /** The low or, with a shift of 4, the high half of a byte. */
    static int nibble(byte[] b, int at, int shift) {
        return b[at] >> shift & 0xF;
    }
}

package io.shiftadd.model.cache;

import java.nio.ByteBuffer;

/** A page in float16, rounded to nearest. */
record HalfPage(int headDim, int paddedDim, short[] keys, short[] values) implements KvPage {

    HalfPage(int kvHeads, int headDim, int paddedDim) {
        this(
                headDim,
                paddedDim,
                new short[kvHeads * headDim * KvCache.PAGE],
                new short[kvHeads * paddedDim * KvCache.PAGE]);
    }

    @Override
    public void put(int column, int kvHead, float[] newKeys, int keyFrom, float[] newValues, int valueFrom) {
        int keyAt = kvHead * headDim * KvCache.PAGE + column;
        int valueAt = (kvHead * KvCache.PAGE + column) * paddedDim;
        for (int d = 0; d < headDim; d++) {
            keys[keyAt + d * KvCache.PAGE] = Float.floatToFloat16(newKeys[keyFrom + d]);
            values[valueAt + d] = Float.floatToFloat16(newValues[valueFrom + d]);
        }
    }

    @Override
    public float[] keys(int kvHead, float[] scratch) {
        int size = headDim * KvCache.PAGE;
        return expand(keys, kvHead * size, scratch, size);
    }

    @Override
    public float[] values(int kvHead, int count, float[] scratch) {
        return expand(values, kvHead * paddedDim * KvCache.PAGE, scratch, paddedDim * count);
    }

    /** A plain loop, because the compiler turns it into the conversion instruction, which the Vector API cannot. */
    private static float[] expand(short[] source, int from, float[] target, int count) {
        for (int i = 0; i < count; i++) {
            target[i] = Float.float16ToFloat(source[from + i]);
        }
        return target;
    }

    @Override
    public int keyOffset(int kvHead) {
        return 0;
    }

    @Override
    public int valueOffset(int kvHead) {
        return 0;
    }

    @Override
    public KvPage copy() {
        return new HalfPage(headDim, paddedDim, keys.clone(), values.clone());
    }

    @Override
    public void write(ByteBuffer out) {
        out.asShortBuffer().put(keys);
        out.position(out.position() + keys.length * Short.BYTES);
        out.asShortBuffer().put(values);
        out.position(out.position() + values.length * Short.BYTES);
    }

    @Override
    public void read(ByteBuffer in) {
        in.asShortBuffer().get(keys);
        in.position(in.position() + keys.length * Short.BYTES);
        in.asShortBuffer().get(values);
        in.position(in.position() + values.length * Short.BYTES);
    }
}

package io.shiftadd.model.cache;

import java.nio.ByteBuffer;

/** A page as it is computed with. */
record FloatPage(int headDim, int paddedDim, float[] keys, float[] values) implements KvPage {

    FloatPage(int kvHeads, int headDim, int paddedDim) {
        this(
                headDim,
                paddedDim,
                new float[kvHeads * headDim * KvCache.PAGE],
                new float[kvHeads * paddedDim * KvCache.PAGE]);
    }

    @Override
    public void put(int column, int kvHead, float[] newKeys, int keyFrom, float[] newValues, int valueFrom) {
        int keyAt = keyOffset(kvHead) + column;
        for (int d = 0; d < headDim; d++) {
            keys[keyAt + d * KvCache.PAGE] = newKeys[keyFrom + d];
        }
        System.arraycopy(newValues, valueFrom, values, valueOffset(kvHead) + column * paddedDim, headDim);
    }

    @Override
    public float[] keys(int kvHead, float[] scratch) {
        return keys;
    }

    @Override
    public float[] values(int kvHead, int count, float[] scratch) {
        return values;
    }

    @Override
    public int keyOffset(int kvHead) {
        return kvHead * headDim * KvCache.PAGE;
    }

    @Override
    public int valueOffset(int kvHead) {
        return kvHead * paddedDim * KvCache.PAGE;
    }

    @Override
    public KvPage copy() {
        return new FloatPage(headDim, paddedDim, keys.clone(), values.clone());
    }

    @Override
    public void write(ByteBuffer out) {
        out.asFloatBuffer().put(keys);
        out.position(out.position() + keys.length * Float.BYTES);
        out.asFloatBuffer().put(values);
        out.position(out.position() + values.length * Float.BYTES);
    }

    @Override
    public void read(ByteBuffer in) {
        in.asFloatBuffer().get(keys);
        in.position(in.position() + keys.length * Float.BYTES);
        in.asFloatBuffer().get(values);
        in.position(in.position() + values.length * Float.BYTES);
    }
}

package io.shiftadd.model.cache;

import java.nio.ByteBuffer;

/**
 * A page of signed bytes with a float step for each key and each value, its largest magnitude divided by 127: an
 * element is off by at most half of that. Steps are {@code [kvHead][position]}.
 */
public record BytePage(int headDim, int paddedDim, byte[] keys, byte[] values, float[] keySteps, float[] valueSteps)
        implements KvPage {

    private static final int LEVELS = 127;

    BytePage(int kvHeads, int headDim, int paddedDim) {
        this(
                headDim,
                paddedDim,
                new byte[kvHeads * headDim * KvCache.PAGE],
                new byte[kvHeads * paddedDim * KvCache.PAGE],
                new float[kvHeads * KvCache.PAGE],
                new float[kvHeads * KvCache.PAGE]);
    }

    @Override
    public void put(int column, int kvHead, float[] newKeys, int keyFrom, float[] newValues, int valueFrom) {
        int keyAt = keysAt(kvHead) + column;
        int valueAt = valuesAt(kvHead) + column * paddedDim;
        float keyStep = step(newKeys, keyFrom);
        float valueStep = step(newValues, valueFrom);
        for (int d = 0; d < headDim; d++) {
            keys[keyAt + d * KvCache.PAGE] = round(newKeys[keyFrom + d], keyStep);
            values[valueAt + d] = round(newValues[valueFrom + d], valueStep);
        }
        keySteps[kvHead * KvCache.PAGE + column] = keyStep;
        valueSteps[kvHead * KvCache.PAGE + column] = valueStep;
    }

    private float step(float[] vector, int from) {
        float largest = 0;
        for (int d = 0; d < headDim; d++) {
            largest = Math.max(largest, Math.abs(vector[from + d]));
        }
        return largest / LEVELS;
    }

    private static byte round(float value, float step) {
        return step > 0 ? (byte) Math.rint(value / step) : 0;
    }

    @Override
    public float[] keys(int kvHead, float[] scratch) {
        int from = keysAt(kvHead);
        int steps = kvHead * KvCache.PAGE;
        for (int d = 0; d < headDim; d++) {
            int row = d * KvCache.PAGE;
            for (int p = 0; p < KvCache.PAGE; p++) {
                scratch[row + p] = keys[from + row + p] * keySteps[steps + p];
            }
        }
        return scratch;
    }

    @Override
    public float[] values(int kvHead, int count, float[] scratch) {
        int from = valuesAt(kvHead);
        for (int p = 0; p < count; p++) {
            float step = valueSteps[kvHead * KvCache.PAGE + p];
            int row = p * paddedDim;
            for (int d = 0; d < paddedDim; d++) {
                scratch[row + d] = values[from + row + d] * step;
            }
        }
        return scratch;
    }

    /** Where a head's keys begin: {@code [element][position]}. */
    public int keysAt(int kvHead) {
        return kvHead * headDim * KvCache.PAGE;
    }

    /** Where a head's values begin: {@code [position][padded element]}. */
    public int valuesAt(int kvHead) {
        return kvHead * paddedDim * KvCache.PAGE;
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
        return new BytePage(headDim, paddedDim, keys.clone(), values.clone(), keySteps.clone(), valueSteps.clone());
    }

    @Override
    public void write(ByteBuffer out) {
        out.put(keys);
        out.put(values);
        out.asFloatBuffer().put(keySteps);
        out.position(out.position() + keySteps.length * Float.BYTES);
        out.asFloatBuffer().put(valueSteps);
        out.position(out.position() + valueSteps.length * Float.BYTES);
    }

    @Override
    public void read(ByteBuffer in) {
        in.get(keys);
        in.get(values);
        in.asFloatBuffer().get(keySteps);
        in.position(in.position() + keySteps.length * Float.BYTES);
        in.asFloatBuffer().get(valueSteps);
        in.position(in.position() + valueSteps.length * Float.BYTES);
    }
}

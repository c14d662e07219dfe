package io.shiftadd.model;

import io.shiftadd.model.KvCache.Precision;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The pages of one block in a {@link KvCache}: float or half-precision arrays. */
final class KvPages {

    private final int kvHeads;
    private final int headDim;
    private final int paddedDim;
    private final Precision precision;
    // Grown with the sequence; those of the other precision stay empty.
    private float[] @Nullable [] floatKeys = {};
    private float[] @Nullable [] floatValues = {};
    private short[] @Nullable [] halfKeys = {};
    private short[] @Nullable [] halfValues = {};

    /** Pages that a fork reads too: copied before they are written. */
    private boolean[] shared = {};

    KvPages(int kvHeads, int headDim, int paddedDim, Precision precision) {
        this.kvHeads = kvHeads;
        this.headDim = headDim;
        this.paddedDim = paddedDim;
        this.precision = precision;
    }

    private void grow(int pages) {
        if (pages <= shared.length) {
            return;
        }
        int size = Math.max(pages, 2 * shared.length);
        shared = Arrays.copyOf(shared, size);
        if (precision == Precision.FLOAT32) {
            floatKeys = Arrays.copyOf(floatKeys, size);
            floatValues = Arrays.copyOf(floatValues, size);
        } else {
            halfKeys = Arrays.copyOf(halfKeys, size);
            halfValues = Arrays.copyOf(halfValues, size);
        }
    }

    Precision precision() {
        return precision;
    }

    int headDim() {
        return headDim;
    }

    int paddedDim() {
        return paddedDim;
    }

    /** Makes positions {@code from .. to} writable; not to be called while others write. */
    void reserve(int from, int to) {
        grow(Math.ceilDiv(to, KvCache.PAGE));
        for (int page = from / KvCache.PAGE; page * KvCache.PAGE < to; page++) {
            int keys = kvHeads * headDim * KvCache.PAGE;
            int values = kvHeads * paddedDim * KvCache.PAGE;
            if (precision == Precision.FLOAT32) {
                floatKeys[page] = writable(floatKeys[page], keys, shared[page]);
                floatValues[page] = writable(floatValues[page], values, shared[page]);
            } else {
                halfKeys[page] = writable(halfKeys[page], keys, shared[page]);
                halfValues[page] = writable(halfValues[page], values, shared[page]);
            }
            shared[page] = false;
        }
    }

    private static float[] writable(float @Nullable [] page, int size, boolean isShared) {
        if (page == null) {
            return new float[size];
        }
        return isShared ? page.clone() : page;
    }

    private static short[] writable(short @Nullable [] page, int size, boolean isShared) {
        if (page == null) {
            return new short[size];
        }
        return isShared ? page.clone() : page;
    }

    /** Stores the key and the value of one position and head; different positions may be written at once. */
    void put(int position, int kvHead, float[] keys, int keyFrom, float[] values, int valueFrom) {
        int page = position / KvCache.PAGE;
        int column = position % KvCache.PAGE;
        int keyAt = kvHead * headDim * KvCache.PAGE + column;
        int valueAt = (kvHead * KvCache.PAGE + column) * paddedDim;
        if (precision == Precision.FLOAT32) {
            float[] target = floatKeys[page];
            for (int d = 0; d < headDim; d++) {
                target[keyAt + d * KvCache.PAGE] = keys[keyFrom + d];
            }
            System.arraycopy(values, valueFrom, floatValues[page], valueAt, headDim);
        } else {
            short[] target = halfKeys[page];
            short[] valueTarget = halfValues[page];
            for (int d = 0; d < headDim; d++) {
                target[keyAt + d * KvCache.PAGE] = Float.floatToFloat16(keys[keyFrom + d]);
                valueTarget[valueAt + d] = Float.floatToFloat16(values[valueFrom + d]);
            }
        }
    }

    /** Offset of a head's keys in {@link #keys}. */
    int keyOffset(int kvHead) {
        return precision == Precision.FLOAT32 ? kvHead * headDim * KvCache.PAGE : 0;
    }

    /** Offset of a head's values in {@link #values}. */
    int valueOffset(int kvHead) {
        return precision == Precision.FLOAT32 ? kvHead * paddedDim * KvCache.PAGE : 0;
    }

    /** A page's keys as float: the page itself, or {@code scratch} with one head's keys expanded. */
    float[] keys(int page, int kvHead, float[] scratch) {
        if (precision == Precision.FLOAT32) {
            return floatKeys[page];
        }
        int size = headDim * KvCache.PAGE;
        expand(halfKeys[page], kvHead * size, scratch, size);
        return scratch;
    }

    /** A page's values as float: the page itself, or {@code scratch} with one head's values expanded. */
    float[] values(int page, int kvHead, float[] scratch) {
        if (precision == Precision.FLOAT32) {
            return floatValues[page];
        }
        int size = paddedDim * KvCache.PAGE;
        expand(halfValues[page], kvHead * size, scratch, size);
        return scratch;
    }

    private static void expand(short[] source, int from, float[] target, int count) {
        for (int i = 0; i < count; i++) {
            target[i] = Float.float16ToFloat(source[from + i]);
        }
    }

    void shareWith(KvPages fork, int positions) {
        fork.grow(Math.ceilDiv(positions, KvCache.PAGE));
        for (int page = 0; page * KvCache.PAGE < positions; page++) {
            shared[page] = true;
            fork.shared[page] = true;
            if (precision == Precision.FLOAT32) {
                fork.floatKeys[page] = floatKeys[page];
                fork.floatValues[page] = floatValues[page];
            } else {
                fork.halfKeys[page] = halfKeys[page];
                fork.halfValues[page] = halfValues[page];
            }
        }
    }

    long allocatedBytes() {
        long elements = 0;
        for (int page = 0; page < shared.length; page++) {
            boolean taken = precision == Precision.FLOAT32 ? floatKeys[page] != null : halfKeys[page] != null;
            elements += taken ? (long) kvHeads * (headDim + paddedDim) * KvCache.PAGE : 0;
        }
        return elements * precision.bytes();
    }
}

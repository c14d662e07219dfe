package io.shiftadd.model.cache;

import java.nio.ByteBuffer;

/**
 * {@link KvCache#PAGE} positions of one block: keys {@code [kvHead][element][position]}, values
 * {@code [kvHead][position][element]}, elements of values padded. Different positions may be written at once.
 */
interface KvPage {

    /** @param column position within the page */
    void put(int column, int kvHead, float[] keys, int keyFrom, float[] values, int valueFrom);

    /** One head's keys as float, from {@link #keyOffset} on: the page itself, or {@code scratch} with them expanded. */
    float[] keys(int kvHead, float[] scratch);

    /** One head's values as float, likewise, of the first {@code count} positions at least. */
    float[] values(int kvHead, int count, float[] scratch);

    int keyOffset(int kvHead);

    int valueOffset(int kvHead);

    KvPage copy();

    /** Writes all of it, in the order and byte order of the memory it is in. */
    void write(ByteBuffer out);

    /** What {@link #write} has written. */
    void read(ByteBuffer in);

    static KvPage of(KvCache.Precision precision, int kvHeads, int headDim, int paddedDim) {
        return switch (precision) {
            case FLOAT32 -> new FloatPage(kvHeads, headDim, paddedDim);
            case FLOAT16 -> new HalfPage(kvHeads, headDim, paddedDim);
            case INT8 -> new BytePage(kvHeads, headDim, paddedDim);
        };
    }
}

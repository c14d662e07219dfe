package io.shiftadd.model.cache;

import io.shiftadd.model.family.ModelConfig;
import java.nio.ByteBuffer;

/**
 * Keys and values of one sequence, for all blocks of a model. Memory is taken a page of positions at a time as the
 * sequence grows, so that an unused capacity costs nothing. Used by one forward pass at a time.
 *
 * <p>Layout of a page of {@link #PAGE} positions, made for the two products of attention to read whole vectors: keys
 * {@code [kvHead][element][position]}, values {@code [kvHead][position][element]}, elements padded to a multiple of
 * {@link #PADDING} with zeros.
 */
public final class KvCache {

    /** How keys and values are kept; computation is in float either way. */
    public enum Precision {
        FLOAT32(Float.BYTES, 0),
        /** Rounded to nearest; half the memory, relative error of an element up to 2⁻¹¹. */
        FLOAT16(Short.BYTES, 0),
        /**
         * Signed bytes with a step for each vector; a quarter of the memory, an element's error up to 1/254 of the
         * largest.
         */
        INT8(Byte.BYTES, Float.BYTES);

        private final int elementBytes;
        private final int stepBytes;

        Precision(int elementBytes, int stepBytes) {
            this.elementBytes = elementBytes;
            this.stepBytes = stepBytes;
        }

        /** Of the keys and values of one block. */
        int bytesPerPosition(int kvHeads, int headDim, int paddedDim) {
            return kvHeads * ((headDim + paddedDim) * elementBytes + 2 * stepBytes);
        }
    }

    /** Positions of a page: a multiple of every vector length. */
    public static final int PAGE = 64;

    /** Elements of the widest supported vector. */
    static final int PADDING = 16;

    private final int kvHeads;
    private final int headDim;
    private final int paddedDim;
    private final int capacity;
    private final KvPages[] layers;
    private int length;

    public KvCache(int layers, int kvHeads, int headDim, int capacity, Precision precision) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a cache holds at least one position, not " + capacity);
        }
        this.kvHeads = kvHeads;
        this.headDim = headDim;
        this.paddedDim = Math.ceilDiv(headDim, PADDING) * PADDING;
        this.capacity = capacity;
        this.layers = new KvPages[layers];
        for (int i = 0; i < layers; i++) {
            this.layers[i] = new KvPages(kvHeads, headDim, paddedDim, precision);
        }
    }

    /** Positions that are filled: the next token's position. */
    public int length() {
        return length;
    }

    public int capacity() {
        return capacity;
    }

    /** Forgets all positions from {@code newLength} on; their memory is kept for those to come. */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("a cache of length " + length + " cannot be cut to " + newLength);
        }
        length = newLength;
    }

    /**
     * A cache of the same model that starts with the first {@code prefix} positions of this one. Full pages are shared
     * until either cache writes into them, so a common prompt is kept once.
     */
    public KvCache fork(int prefix, int newCapacity) {
        if (prefix < 0 || prefix > length || newCapacity < prefix) {
            throw new IllegalArgumentException(
                    "a cache of length " + length + " cannot be forked at " + prefix + " with capacity " + newCapacity);
        }
        KvCache fork = new KvCache(layers.length, kvHeads, headDim, newCapacity, layers[0].precision());
        for (int i = 0; i < layers.length; i++) {
            layers[i].shareWith(fork.layers[i], prefix);
        }
        fork.length = prefix;
        return fork;
    }

    /** Bytes taken so far; pages shared with forks count in each. */
    public long allocatedBytes() {
        long bytes = 0;
        for (KvPages pages : layers) {
            bytes += pages.allocatedBytes();
        }
        return bytes;
    }

    /** Bytes that a full page of positions takes in all blocks, divided by its positions. */
    public static long bytesPerPosition(ModelConfig config, Precision precision) {
        int padded = Math.ceilDiv(config.headDim(), PADDING) * PADDING;
        return (long) config.layers() * precision.bytesPerPosition(config.kvHeads(), config.headDim(), padded);
    }

    /** Bytes of a full page of positions in all blocks, as {@link #writePage} writes them. */
    public int pageBytes() {
        return Math.multiplyExact(
                layers.length * PAGE, layers[0].precision().bytesPerPosition(kvHeads, headDim, paddedDim));
    }

    /**
     * Writes a full page of positions, all blocks one after the other.
     *
     * @param out in the byte order that it is to be read in
     */
    public void writePage(int page, ByteBuffer out) {
        if (page < 0 || (page + 1) * PAGE > length) {
            throw new IllegalArgumentException("a cache of length " + length + " has no full page " + page);
        }
        for (KvPages pages : layers) {
            pages.write(page, out);
        }
    }

    /** Goes on with a page that a cache of the same model and precision has written; what is there are full pages. */
    public void readPage(ByteBuffer in) {
        if (length % PAGE != 0 || length + PAGE > capacity || in.remaining() != pageBytes()) {
            throw new IllegalArgumentException("a cache of length " + length + " and capacity " + capacity
                    + " cannot go on with a page of " + in.remaining() + " bytes; it takes " + pageBytes());
        }
        for (KvPages pages : layers) {
            pages.read(length / PAGE, in);
        }
        length += PAGE;
    }

    public void advance(int positions) {
        length += positions;
    }

    public KvPages layer(int index) {
        return layers[index];
    }
}

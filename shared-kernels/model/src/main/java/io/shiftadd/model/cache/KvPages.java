package io.shiftadd.model.cache;

import io.shiftadd.model.cache.KvCache.Precision;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The pages of one block in a {@link KvCache}. */
public final class KvPages {

    private final int kvHeads;
    private final int headDim;
    private final int paddedDim;
    private final Precision precision;
    private @Nullable KvPage[] pages = {};

    /** Pages that a fork reads too: copied before they are written. */
    private boolean[] shared = {};

    KvPages(int kvHeads, int headDim, int paddedDim, Precision precision) {
        this.kvHeads = kvHeads;
        this.headDim = headDim;
        this.paddedDim = paddedDim;
        this.precision = precision;
    }

    private void grow(int count) {
        if (count > pages.length) {
            int size = Math.max(count, 2 * pages.length);
            pages = Arrays.copyOf(pages, size);
            shared = Arrays.copyOf(shared, size);
        }
    }

    public Precision precision() {
        return precision;
    }

    public int paddedDim() {
        return paddedDim;
    }

    /** Makes positions {@code from .. to} writable; not to be called while others write. */
    public void reserve(int from, int to) {
        grow(Math.ceilDiv(to, KvCache.PAGE));
        for (int i = from / KvCache.PAGE; i * KvCache.PAGE < to; i++) {
            KvPage page = pages[i];
            if (page == null) {
                pages[i] = KvPage.of(precision, kvHeads, headDim, paddedDim);
            } else if (shared[i]) {
                pages[i] = page.copy();
            }
            shared[i] = false;
        }
    }

    private KvPage page(int index) {
        KvPage page = pages[index];
        if (page == null) {
            throw new IllegalStateException("page " + index + " of a cache was never written");
        }
        return page;
    }

    /** Stores the key and the value of one position and head; different positions may be written at once. */
    public void put(int position, int kvHead, float[] keys, int keyFrom, float[] values, int valueFrom) {
        page(position / KvCache.PAGE).put(position % KvCache.PAGE, kvHead, keys, keyFrom, values, valueFrom);
    }

    /** Offset of a head's keys in {@link #keys}. */
    public int keyOffset(int page, int kvHead) {
        return page(page).keyOffset(kvHead);
    }

    /** Offset of a head's values in {@link #values}. */
    public int valueOffset(int page, int kvHead) {
        return page(page).valueOffset(kvHead);
    }

    /** A page's keys as float: the page itself, or {@code scratch} with one head's keys expanded. */
    public float[] keys(int page, int kvHead, float[] scratch) {
        return page(page).keys(kvHead, scratch);
    }

    /** A page's first values as float: the page itself, or {@code scratch} with one head's values expanded. */
    public float[] values(int page, int kvHead, int count, float[] scratch) {
        return page(page).values(kvHead, count, scratch);
    }

    /** A page as it is, where keys and values are bytes. */
    public BytePage bytes(int page) {
        if (page(page) instanceof BytePage bytes) {
            return bytes;
        }
        throw new IllegalStateException("keys and values of " + precision + " are not bytes");
    }

    void write(int index, ByteBuffer out) {
        page(index).write(out);
    }

    void read(int index, ByteBuffer in) {
        reserve(index * KvCache.PAGE, (index + 1) * KvCache.PAGE);
        page(index).read(in);
    }

    void shareWith(KvPages fork, int positions) {
        fork.grow(Math.ceilDiv(positions, KvCache.PAGE));
        for (int i = 0; i * KvCache.PAGE < positions; i++) {
            shared[i] = true;
            fork.shared[i] = true;
            fork.pages[i] = pages[i];
        }
    }

    long allocatedBytes() {
        long taken = 0;
        for (KvPage page : pages) {
            taken += page == null ? 0 : 1;
        }
        return taken * KvCache.PAGE * precision.bytesPerPosition(kvHeads, headDim, paddedDim);
    }
}

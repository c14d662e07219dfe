package io.shiftadd.inference.loading;

import org.springframework.util.unit.DataSize;

/**
 * How the heap is shared out, so that what many ask for at a time is refused before it is full. What is left is for
 * forward passes, tokenizers, and what a garbage collector needs to work.
 *
 * @param cacheBytes keys and values of all models
 * @param requestBytes bodies, what is being tokenized, answers that are not read yet
 */
public record HeapShares(long cacheBytes, long requestBytes) {

    private static final int CACHE_PERCENT = 40;
    private static final int REQUEST_PERCENT = 25;

    /**
     * @param heapBytes that this JVM may have, which follows a container's limit
     * @param cache zero = a share of the heap
     * @param requests zero = a share of the heap
     */
    static HeapShares of(long heapBytes, DataSize cache, DataSize requests) {
        return new HeapShares(
                cache.toBytes() > 0 ? cache.toBytes() : heapBytes / 100 * CACHE_PERCENT,
                requests.toBytes() > 0 ? requests.toBytes() : heapBytes / 100 * REQUEST_PERCENT);
    }
}

package io.shiftadd.job;

/**
 * What a model takes that writes its own text: keys and values of the sequences that are written side by side, as many
 * as a share of the worker's heap holds. The text does not depend on how many these are.
 */
final class SamplingEstimate {

    /** The share of the heap that keys and values may take, and the limits of that: as the sampler has it. */
    private static final int HEAP_SHARE = 4;

    private static final long LEAST_CACHE_BYTES = 64L << 20;
    private static final long MOST_CACHE_BYTES = 1L << 30;

    private static final int MOST_SIDE_BY_SIDE = 128;

    /** Arrays of a sequence as wide as the model's widest. */
    private static final int STATES = 8;

    private SamplingEstimate() {}

    /**
     * @param sequences that are written
     * @param length tokens of each
     * @param heapBytes of the worker
     */
    static long bytes(ModelDimensions model, int sequences, int length, long heapBytes) {
        long cache = model.cacheBytes() * length;
        long budget = Math.clamp(heapBytes / HEAP_SHARE, LEAST_CACHE_BYTES, MOST_CACHE_BYTES);
        long together = Math.min(sequences, Math.clamp(budget / Math.max(1, cache), 1, MOST_SIDE_BY_SIDE));
        long logits = (long) model.vocabularySize() * (Float.BYTES + Double.BYTES);
        return together * (cache + logits + (long) STATES * model.widest() * Float.BYTES);
    }
}

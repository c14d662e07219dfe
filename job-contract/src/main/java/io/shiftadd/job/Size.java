package io.shiftadd.job;

import org.jspecify.annotations.Nullable;

/** What a job says of how large its result may be. */
public sealed interface Size {

    /** The same for every layer. */
    record Bits(int bits) implements Size {}

    /** Of all layers, weighted by their parameters: what is above the least is spread by an allocation. */
    record MeanBits(double bits) implements Size {}

    /** Bytes of the blocks' linear layers as they are served. */
    record Bytes(long bytes) implements Size {}

    /** The least size whose perplexity has risen by no more than this share. */
    record PerplexityIncrease(double share) implements Size {}

    /** The one that is given, as requests and rows spell it; null where none is. */
    static @Nullable Size of(
            @Nullable Integer bits,
            @Nullable Double meanBits,
            @Nullable Long budgetBytes,
            @Nullable Double maxPerplexityIncrease) {
        if (bits != null) {
            return new Bits(bits);
        }
        if (meanBits != null) {
            return new MeanBits(meanBits);
        }
        if (budgetBytes != null) {
            return new Bytes(budgetBytes);
        }
        return maxPerplexityIncrease == null ? null : new PerplexityIncrease(maxPerplexityIncrease);
    }
}

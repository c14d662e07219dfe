package io.shiftadd.job;

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
}

package io.shiftadd.cli.bench;

/** Planes that a model's layers have read for their tokens; for one thread. */
final class PlaneCount {

    private long weights;
    private long bits;

    /** @param planes of all the tokens together */
    void add(long weightsOfLayer, int tokens, long planes) {
        weights += weightsOfLayer * tokens;
        bits += weightsOfLayer * planes;
    }

    /** Mean planes of a weight and token; NaN if there was none. */
    double mean() {
        return (double) bits / weights;
    }
}

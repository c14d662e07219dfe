package io.shiftadd.inference.generation;

/**
 * What a pass over a few tokens of one sequence costs, in passes over one. The weights are read once either way, so it
 * is little; learned from the passes of the engine. Belongs to its thread.
 */
final class PassCosts {

    /** Until it is known; between what was measured for packed weights and for dense ones. */
    private static final double FIRST_SLOPE = 0.25;

    private static final double FORGET = 0.05;
    private static final int ENOUGH = 8;

    private double one;
    private int ones;
    private double slope = FIRST_SLOPE;

    /** Of a pass over so many tokens. */
    double of(int tokens) {
        return 1 + slope * (tokens - 1);
    }

    void observe(int tokens, long nanos) {
        if (tokens == 1) {
            // Neither the first passes, which are compiled yet, nor one that was interrupted, stays in it for long.
            one = ones == 0 ? nanos : one + Math.max(FORGET, 1.0 / (ones + 1)) * (Math.min(nanos, 2 * one) - one);
            ones++;
        } else if (ones >= ENOUGH) {
            double seen = (nanos / one - 1) / (tokens - 1);
            slope += FORGET * (Math.clamp(seen, 0, 1) - slope);
        }
    }
}

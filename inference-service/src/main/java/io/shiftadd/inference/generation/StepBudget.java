package io.shiftadd.inference.generation;

/**
 * How many tokens the next forward pass may take, so that it ends soon: others wait for their next token, and a client
 * that has gone must be noticed. Learns the model's speed from the passes before.
 */
final class StepBudget {

    /** While others decode: what they notice as a pause. */
    private static final double SECONDS_BESIDE_DECODING = 0.25;
    /** With prompts only: leaves room within the second in which a disconnect must take effect. */
    private static final double SECONDS_ALONE = 0.5;
    /** Fewer make a pass no shorter: the weights are read once anyway. */
    private static final int LEAST = 16;

    private static final int FIRST = 32;
    private static final double FORGET = 0.5;

    private final int most;
    private double tokensPerSecond;

    StepBudget(int most) {
        this.most = most;
    }

    int promptTokens(int decoding) {
        if (tokensPerSecond == 0) {
            return Math.min(most, FIRST);
        }
        double seconds = decoding > 0 ? SECONDS_BESIDE_DECODING : SECONDS_ALONE;
        int affordable = (int) Math.min(most, tokensPerSecond * seconds);
        return Math.max(0, Math.min(most - decoding, Math.max(LEAST, affordable - decoding)));
    }

    void observe(int tokens, long nanos) {
        // Small passes are bound by reading the weights and say nothing about the speed of large ones.
        if (tokens >= LEAST) {
            double observed = tokens * 1e9 / Math.max(1, nanos);
            tokensPerSecond = tokensPerSecond == 0 ? observed : tokensPerSecond + FORGET * (observed - tokensPerSecond);
        }
    }
}

package io.shiftadd.quantize.evaluation;

import java.util.List;

/** A context with all continuations that are scored after it. */
record Prompt(int[] context, List<Continuation> continuations) {

    /** Tokens of one choice, and what becomes known of them. */
    static final class Continuation {

        private final int choice;
        private final int[] tokens;
        private final double[] logProbabilities;
        private final boolean[] greedy;

        /** @param choice index in its example */
        Continuation(int choice, int[] tokens) {
            this.choice = choice;
            this.tokens = tokens;
            this.logProbabilities = new double[tokens.length];
            this.greedy = new boolean[tokens.length];
        }

        int choice() {
            return choice;
        }

        int[] tokens() {
            return tokens;
        }

        void foresee(int position, double logProbability, boolean isLikeliest) {
            logProbabilities[position] = logProbability;
            greedy[position] = isLikeliest;
        }

        /** Once all tokens are foreseen; of no tokens, certainty. */
        ContinuationScore score() {
            double sum = 0;
            boolean all = true;
            for (int i = 0; i < tokens.length; i++) {
                sum += logProbabilities[i];
                all &= greedy[i];
            }
            return new ContinuationScore(sum, all);
        }
    }

    long tokens() {
        long tokens = context.length;
        for (Continuation continuation : continuations) {
            tokens += continuation.tokens().length;
        }
        return tokens;
    }
}

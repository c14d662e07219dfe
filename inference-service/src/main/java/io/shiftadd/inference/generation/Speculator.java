package io.shiftadd.inference.generation;

import io.shiftadd.inference.generation.PromptLookUp.Place;
import io.shiftadd.model.layers.DenseLinear;
import java.util.function.IntUnaryOperator;

/**
 * Guesses how one choice goes on, and how far guessing pays. Guesses are verified by the choice's own sampler: a token
 * is taken when it is what would have been chosen anyway, so that nothing but the time changes.
 *
 * <p>A balance in passes keeps the loss small on text that does not repeat: a guess may cost what earlier ones have
 * gained, and beyond that a share of the tokens generated. Belongs to the engine's thread.
 */
final class Speculator {

    /** Tokens that are guessed at a time: with the last one, as many as give the same bits as one by one. */
    static final int MOST = DenseLinear.FEW - 1;

    /** Passes that may be lost in all, and for each token generated without a guess. */
    private static final double FIRST_BALANCE = 0.6;

    private static final double ALLOWANCE = 0.012;

    /** What was gained before is not to be lost when the text changes its kind. */
    private static final double MOST_BALANCE = 3;

    /** From so many tokens on a match is a long one, whose guesses are right more often. */
    private static final int LONG_MATCH = 8;

    private static final double FORGET = 0.9;

    private final PromptLookUp lookUp;
    private final PassCosts costs;
    private final boolean always;

    /** Guessed tokens that were verified, and right ones of them; of short matches and of long ones. */
    private final double[] tried = {2, 2};

    private final double[] right = {1, 1.6};
    private double balance = FIRST_BALANCE;
    private int kind;
    private int guessed;
    private int lengthBefore;
    private boolean asked;

    /** @param capacity tokens that prompt and answer may have */
    Speculator(int capacity, PassCosts costs, boolean always) {
        this.lookUp = new PromptLookUp(capacity);
        this.costs = costs;
        this.always = always;
    }

    /**
     * The next tokens as they may be; empty when there is no guess, or none that is likely to pay.
     *
     * @param token of a position of the sequence
     * @param length of the sequence, all but its last token computed
     * @param room tokens that may be guessed at most
     */
    int[] guess(IntUnaryOperator token, int length, int room) {
        asked = true;
        lengthBefore = length;
        Place place = lookUp.find(token, length);
        kind = place.length() < LONG_MATCH ? 0 : 1;
        guessed = place.length() == 0 ? 0 : Math.min(Math.min(room, MOST), always ? MOST : worthwhile(place.length()));
        return PromptLookUp.following(place, token, length, Math.max(0, guessed));
    }

    /** How many tokens make the most of a pass's time; at least one, so that a change is noticed. */
    private int worthwhile(int match) {
        double chance = right[kind] / tried[kind];
        double reached = 1;
        double expected = 1;
        double best = 0;
        int count = 0;
        for (int k = 1; k <= Math.min(MOST, match); k++) {
            reached *= chance;
            expected += reached;
            double speed = expected / costs.of(1 + k);
            if (k == 1 || speed > best) {
                best = speed;
                count = k;
            }
        }
        while (count > 0 && costs.of(1 + count) - 1 > balance) {
            count--;
        }
        return count;
    }

    /**
     * A pass has been made and its tokens have been chosen.
     *
     * @param length of the sequence now
     * @return how many guessed tokens it has taken
     */
    int passed(int length, long nanos) {
        asked = false;
        int accepted = Math.max(0, length - lengthBefore - 1);
        costs.observe(1 + guessed, nanos);
        if (guessed == 0) {
            balance = Math.min(MOST_BALANCE, balance + ALLOWANCE);
            return 0;
        }
        int verified = Math.min(guessed, accepted + 1);
        tried[kind] = tried[kind] * FORGET + verified;
        right[kind] = right[kind] * FORGET + accepted;
        balance = Math.min(MOST_BALANCE, balance + accepted - (costs.of(1 + guessed) - 1));
        return accepted;
    }

    /** Whether it was asked for the tokens of the pass that is being made. */
    boolean hasGuessed() {
        return asked;
    }
}

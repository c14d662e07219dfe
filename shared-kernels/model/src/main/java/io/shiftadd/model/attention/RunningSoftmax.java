package io.shiftadd.model.attention;

import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.layers.VectorMath;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Turns scores into weights, a page of a row at a time: {@code e^(score − maximum so far)}, whose sum so far is kept
 * (Milakov and Gimelshein, arXiv 1805.02867).
 */
final class RunningSoftmax {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final int LANES = VectorMath.LANES;
    private static final int PAGE = KvCache.PAGE;

    /** {@code [rows, PAGE]}: scores, and weights in their place. */
    final float[] scores;

    private final float[] maxima;
    private final float[] totals; // of the weights so far, a vector for each row

    RunningSoftmax(int rows) {
        scores = new float[rows * PAGE];
        maxima = new float[rows];
        totals = new float[rows * LANES];
    }

    void begin() {
        Arrays.fill(totals, 0);
        Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
    }

    /** Makes all of a row's weights nothing. */
    void leaveOut(int row) {
        Arrays.fill(scores, row * PAGE, (row + 1) * PAGE, 0);
    }

    /**
     * Turns the scores of a row into weights relative to the largest so far; those outside {@code from .. to} into 0.
     *
     * @return what is to be multiplied with what the row has summed so far: 1, or less if the largest is a new one
     */
    float weigh(int row, int from, int to) {
        int at = row * PAGE;
        boolean whole = to - from == PAGE;
        if (!whole) {
            fillOutside(at, from, to, Float.NEGATIVE_INFINITY);
        }
        float before = maxima[row];
        float maximum = maximum(at, before);
        float factor = 1;
        if (maximum != before) {
            maxima[row] = maximum;
            factor = rescale(row, before - maximum);
        }
        for (int i = 0; i < PAGE; i += LANES) {
            VectorMath.expOfNegative(
                            FloatVector.fromArray(SPECIES, scores, at + i).sub(maximum))
                    .intoArray(scores, at + i);
        }
        if (!whole) {
            fillOutside(at, from, to, 0);
        }
        FloatVector total = FloatVector.fromArray(SPECIES, totals, row * LANES);
        for (int i = 0; i < PAGE; i += LANES) {
            total = FloatVector.fromArray(SPECIES, scores, at + i).add(total);
        }
        total.intoArray(totals, row * LANES);
        return factor;
    }

    private void fillOutside(int at, int from, int to, float value) {
        Arrays.fill(scores, at, at + from, value);
        Arrays.fill(scores, at + to, at + PAGE, value);
    }

    private float rescale(int row, float exponent) {
        FloatVector factor = VectorMath.exp(FloatVector.broadcast(SPECIES, exponent));
        FloatVector.fromArray(SPECIES, totals, row * LANES).mul(factor).intoArray(totals, row * LANES);
        return factor.lane(0);
    }

    private float maximum(int at, float soFar) {
        FloatVector before = FloatVector.broadcast(SPECIES, soFar);
        FloatVector maximum = before;
        for (int i = 0; i < PAGE; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, scores, at + i);
            maximum = v.blend(maximum, v.compare(VectorOperators.LE, maximum));
        }
        // Seldom, after the first page: folding lanes takes longer than finding that there is nothing to fold.
        return before.compare(VectorOperators.LT, maximum).anyTrue() ? maximum.reduceLanes(VectorOperators.MAX) : soFar;
    }

    /** Of all weights of a row. */
    float total(int row) {
        return VectorMath.sum(FloatVector.fromArray(SPECIES, totals, row * LANES));
    }
}

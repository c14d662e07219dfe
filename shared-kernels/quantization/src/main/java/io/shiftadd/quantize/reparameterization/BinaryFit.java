package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.coding.ApotScales;
import java.util.Arrays;

/**
 * Alternating binary coding of one group of weights: {@code w ≈ Σ_i α_i·b_i}, least squares in w, α rounded to
 * additive powers of two inside the loop.
 *
 * <p>Start: {@code r = w}; for each bit {@code α_i = mean|r|}, {@code r ← r − α_i·sign(r)}, sign(0) = +1. Then, each
 * round, every weight takes the nearest of the {@code 2^q} values, α is solved by least squares with the signs fixed,
 * made positive, sorted descending and rounded.
 *
 * <p>Weights float, sums double. The weights are sorted once: a round then needs only the places of the thresholds in
 * the sorted order and prefix sums, whatever the group's size. Ends early when a round changes nothing, which no later
 * round could undo. Source: ShiftAddLLM (You et al., 2024), section 4.1. Deviation: the first round's signs are those
 * of the nearest value under the greedy scales (the same for up to 2 bits).
 */
final class BinaryFit {

    /** Holds α where a bit's signs are a copy of another's and least squares alone would not say. */
    private static final double RIDGE = 1e-6;

    private final int bits;
    private final int rounds;
    private final int terms;
    private final LevelTable table;
    private final double[] system;
    private float[] sorted = {};
    private double[] sums = {};

    /** @param terms powers of two a scale; 0 leaves scales unrounded */
    BinaryFit(int bits, int rounds, int terms) {
        this.bits = bits;
        this.rounds = rounds;
        this.terms = terms;
        table = new LevelTable(bits);
        system = new double[bits * (bits + 1)];
    }

    /**
     * Fits the first {@code count} of {@code weights}.
     *
     * @param scales receives the bits' α at {@code offset + i·stride}, descending
     */
    void fit(float[] weights, int count, float[] scales, int offset, int stride) {
        if (sorted.length < count) {
            sorted = new float[count];
            sums = new double[count + 1];
        }
        float[] alpha = greedy(weights, count);
        System.arraycopy(weights, 0, sorted, 0, count);
        Arrays.sort(sorted, 0, count);
        for (int i = 0; i < count; i++) {
            sums[i + 1] = sums[i] + sorted[i];
        }
        for (int round = 0; round < rounds; round++) {
            float[] next = leastSquares(alpha, count);
            round(next);
            if (Arrays.equals(next, alpha)) {
                break;
            }
            alpha = next;
        }
        for (int i = 0; i < bits; i++) {
            scales[offset + i * stride] = alpha[i];
        }
    }

    private float[] greedy(float[] weights, int count) {
        float[] alpha = new float[bits];
        float[] residual = Arrays.copyOf(weights, count);
        for (int i = 0; i < bits; i++) {
            double sum = 0;
            for (int j = 0; j < count; j++) {
                sum += Math.abs(residual[j]);
            }
            alpha[i] = (float) (sum / count);
            for (int j = 0; j < count; j++) {
                residual[j] -= residual[j] >= 0 ? alpha[i] : -alpha[i];
            }
        }
        return alpha;
    }

    private float[] leastSquares(float[] alpha, int count) {
        table.fill(alpha, 0, 1);
        Arrays.fill(system, 0);
        int from = 0;
        for (int rank = 0; rank < table.size(); rank++) {
            int to = rank == table.size() - 1 ? count : lowerBound(table.threshold(rank), from, count);
            addLevel(table.code(rank), to - from, sums[to] - sums[from]);
            from = to;
        }
        double ridge = RIDGE * count;
        for (int i = 0; i < bits; i++) {
            system[i * (bits + 1) + i] += ridge;
            system[i * (bits + 1) + bits] += ridge * alpha[i];
        }
        return solve();
    }

    /** Adds the members of a level to the normal equations {@code BᵀB·α = Bᵀw}. */
    private void addLevel(int code, int members, double sum) {
        for (int i = 0; i < bits; i++) {
            int signI = (code >> i & 1) != 0 ? 1 : -1;
            for (int j = 0; j < bits; j++) {
                system[i * (bits + 1) + j] += members * ((code >> j & 1) != 0 ? signI : -signI);
            }
            system[i * (bits + 1) + bits] += signI * sum;
        }
    }

    /** Gauss without pivoting: the ridge makes the matrix positive definite. */
    private float[] solve() {
        int row = bits + 1;
        for (int i = 0; i < bits; i++) {
            for (int r = i + 1; r < bits; r++) {
                double factor = system[r * row + i] / system[i * row + i];
                for (int c = i; c <= bits; c++) {
                    system[r * row + c] -= factor * system[i * row + c];
                }
            }
        }
        float[] alpha = new float[bits];
        for (int i = bits - 1; i >= 0; i--) {
            double value = system[i * row + bits];
            for (int c = i + 1; c < bits; c++) {
                value -= system[i * row + c] * alpha[c];
            }
            alpha[i] = (float) (value / system[i * row + i]);
        }
        return alpha;
    }

    private void round(float[] alpha) {
        for (int i = 0; i < bits; i++) {
            alpha[i] = Math.abs(alpha[i]);
        }
        Arrays.sort(alpha);
        for (int i = 0; i < bits / 2; i++) {
            float swapped = alpha[i];
            alpha[i] = alpha[bits - 1 - i];
            alpha[bits - 1 - i] = swapped;
        }
        if (terms > 0) {
            for (int i = 0; i < bits; i++) {
                alpha[i] = (float) ApotScales.round(alpha[i], terms);
            }
        }
    }

    /** The first of the sorted weights in {@code from..to} that is at least {@code threshold}. */
    private int lowerBound(float threshold, int from, int to) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] >= threshold) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}

package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.ApotScales;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;

/**
 * Least squares for the scales with the signs fixed, under the output error {@code tr((Ŵ − W)·H·(Ŵ − W)ᵀ)}: what the
 * loop of {@link BinaryFit} cannot see, because it looks at one group at a time and at weights alone.
 *
 * <p>For the columns of a span and one row group, the change δ of all their scales solves
 * {@code S·δ = −s}, {@code S[(i,c),(j,d)] = Σ_{k∈c,l∈d} H_kl·(B_i·B_jᵀ)_kl} and {@code s[(i,c)] = Σ_{k∈c} B_i[k,:]·G[:,k]}
 * with {@code G = (Ŵ − W)·H}. Spans of {@value #SPAN} columns bound the memory; they see one another through G.
 * A scale that comes out negative has its signs flipped instead; then scales are rounded to additive powers of two.
 *
 * <p>Signs and their products are exact in float; S, s and the solution are double.
 */
final class ScaleRefit {

    static final int SPAN = 1024;

    /** Of the mean diagonal of S: keeps scales that nothing determines where they are. */
    private static final double RIDGE = 1e-4;

    private static final int TILE = 256;

    private final ScaleGroups scales;
    private final PreparedHessian hessian;
    private final int terms;

    ScaleRefit(ScaleGroups scales, PreparedHessian hessian, int terms) {
        this.scales = scales;
        this.hessian = hessian;
        this.terms = terms;
    }

    /**
     * Solves for the scales of columns {@code first..end}, in place.
     *
     * @param codes {@code [N, K]}; bits whose scale came out negative are flipped
     * @param gradient {@code (ŵ − w)·H}, {@code [N, K]}
     */
    void run(int first, int end, byte[] codes, float[] gradient, KernelContext context) {
        for (int g = 0; g < scales.rowGroups(); g++) {
            solveGroup(g, first, end, codes, gradient, context);
        }
    }

    private void solveGroup(int g, int first, int end, byte[] codes, float[] gradient, KernelContext context) {
        int columns = end - first;
        int rows = scales.endRow(g) - scales.firstRow(g);
        int bits = scales.bits();
        int firstGroup = scales.columnGroup(first);
        int groups = scales.columnGroup(end - 1) + 1 - firstGroup;
        float[] signs = signs(g, first, end, codes);
        int unknowns = bits * groups;
        double[] system = new double[unknowns * unknowns];
        int tilesOfBit = Math.ceilDiv(columns, TILE);
        // A tile begins with a column group, so that no two tiles add to the same row of the system.
        context.parallelFor(bits * tilesOfBit, (tile, _) -> {
            int column = tile % tilesOfBit * TILE;
            int from = tile / tilesOfBit * columns + column;
            int count = Math.min(TILE, columns - column);
            int others = bits * columns - from;
            float[] products = new float[count * others];
            NativeAlgebra.multiply(
                    false,
                    true,
                    count,
                    others,
                    rows,
                    1,
                    new Matrix(signs, from * rows, rows),
                    new Matrix(signs, from * rows, rows),
                    0,
                    new Matrix(products, 0, others));
            addWeighted(products, from, count, first, columns, firstGroup, groups, system);
        });
        double[] right = rightSide(g, first, columns, firstGroup, groups, signs, gradient);
        damp(system, unknowns);
        NativeAlgebra.solve(system, unknowns, right, 1);
        apply(g, first, end, firstGroup, groups, right, codes);
    }

    /** {@code ±1}, {@code [bit, column of the span, row of the group]}. */
    private float[] signs(int g, int first, int end, byte[] codes) {
        int columns = end - first;
        int from = scales.firstRow(g);
        int rows = scales.endRow(g) - from;
        float[] signs = new float[scales.bits() * columns * rows];
        for (int n = 0; n < rows; n++) {
            int row = (from + n) * scales.inputs();
            for (int k = 0; k < columns; k++) {
                int code = codes[row + first + k];
                for (int i = 0; i < scales.bits(); i++) {
                    signs[(i * columns + k) * rows + n] = (code >> i & 1) != 0 ? 1 : -1;
                }
            }
        }
        return signs;
    }

    /** Adds {@code products[count, from..]}, weighted by H, to the upper half of the system. */
    private void addWeighted(
            float[] products,
            int from,
            int count,
            int first,
            int columns,
            int firstGroup,
            int groups,
            double[] system) {
        int all = scales.bits() * columns;
        int others = all - from;
        int[] unknown = new int[all];
        for (int i = 0; i < all; i++) {
            unknown[i] = i / columns * groups + scales.columnGroup(first + i % columns) - firstGroup;
        }
        for (int r = 0; r < count; r++) {
            int h = (first + (from + r) % columns) * scales.inputs() + first;
            int row = unknown[from + r] * scales.bits() * groups;
            for (int j = from; j < all; j++) {
                system[row + unknown[j]] +=
                        (double) products[r * others + j - from] * hessian.values()[h + j % columns];
            }
        }
    }

    private double[] rightSide(
            int g, int first, int columns, int firstGroup, int groups, float[] signs, float[] gradient) {
        int from = scales.firstRow(g);
        int rows = scales.endRow(g) - from;
        double[] right = new double[scales.bits() * groups];
        for (int i = 0; i < scales.bits(); i++) {
            for (int k = 0; k < columns; k++) {
                int sign = (i * columns + k) * rows;
                double sum = 0;
                for (int n = 0; n < rows; n++) {
                    sum -= (double) signs[sign + n] * gradient[(from + n) * scales.inputs() + first + k];
                }
                right[i * groups + scales.columnGroup(first + k) - firstGroup] += sum;
            }
        }
        return right;
    }

    private static void damp(double[] system, int unknowns) {
        double trace = 0;
        for (int i = 0; i < unknowns; i++) {
            trace += system[i * unknowns + i];
        }
        for (int i = 0; i < unknowns; i++) {
            system[i * unknowns + i] += RIDGE * trace / unknowns;
        }
    }

    private void apply(int g, int first, int end, int firstGroup, int groups, double[] change, byte[] codes) {
        int flipped = 0;
        byte[] flips = new byte[groups];
        for (int c = 0; c < groups; c++) {
            int offset = scales.offset(g, firstGroup + c);
            for (int i = 0; i < scales.bits(); i++) {
                double alpha = scales.alphas()[offset + i * scales.bitStride()] + change[i * groups + c];
                if (alpha < 0) {
                    flips[c] |= (byte) (1 << i);
                    flipped++;
                }
                double magnitude = Math.abs(alpha);
                scales.alphas()[offset + i * scales.bitStride()] =
                        (float) (terms > 0 ? ApotScales.round(magnitude, terms) : magnitude);
            }
        }
        if (flipped == 0) {
            return;
        }
        for (int n = scales.firstRow(g); n < scales.endRow(g); n++) {
            for (int k = first; k < end; k++) {
                codes[n * scales.inputs() + k] ^= flips[scales.columnGroup(k) - firstGroup];
            }
        }
    }
}

package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Factorized;
import io.shiftadd.quantize.reparameterization.NativeAlgebra.Matrix;

/**
 * Least squares for the scales with the signs fixed, under the output error {@code tr((Ŵ − W)·H·(Ŵ − W)ᵀ)}: what the
 * loop of {@link BinaryFit} cannot see, because it looks at one group at a time and at weights alone.
 *
 * <p>For the columns of a span and one row group, the change δ of all their scales solves
 * {@code S·δ = −s}, {@code S[(i,c),(j,d)] = Σ_{k∈c,l∈d} H_kl·(B_i·B_jᵀ)_kl} and {@code s[(i,c)] = Σ_{k∈c}
 * B_i[k,:]·G[:,k]} with {@code G = (Ŵ − W)·H}. Spans of {@value #SPAN} columns bound the memory; they see one another
 * through G. A scale that comes out negative has its signs flipped instead; then scales are rounded to additive powers
 * of two.
 *
 * <p>Signs and their products are exact in float; S, s and the solution are float too: S is nearly diagonal, because
 * signs of different columns agree about as often as not.
 */
final class ScaleRefit {

    static final int SPAN = 512;

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
        int columns = end - first;
        int firstGroup = scales.columnGroup(first);
        int groups = scales.columnGroup(end - 1) + 1 - firstGroup;
        int unknowns = scales.bits() * groups;
        int rowGroups = scales.rowGroups();
        float[][] signs = new float[rowGroups][];
        float[][] systems = new float[rowGroups][];
        float[][] right = new float[rowGroups][];
        for (int g = 0; g < rowGroups; g++) {
            signs[g] = new float[scales.bits() * columns * (scales.endRow(g) - scales.firstRow(g))];
            systems[g] = new float[unknowns * unknowns];
            right[g] = new float[unknowns];
        }
        context.parallelFor(rowGroups * groups, (part, _) -> {
            int g = part / groups;
            fillColumns(g, part % groups, first, end, codes, gradient, signs[g], right[g]);
        });
        // A tile begins with a column group, so that no two tiles add to the same row of a system.
        int tilesOfBit = Math.ceilDiv(columns, TILE);
        int tiles = scales.bits() * tilesOfBit;
        context.parallelFor(rowGroups * tiles, (part, _) -> {
            int tile = part % tiles;
            int column = tile % tilesOfBit * TILE;
            int from = tile / tilesOfBit * columns + column;
            int count = Math.min(TILE, columns - column);
            int g = part / tiles;
            float[] products = products(signs[g], scales.endRow(g) - scales.firstRow(g), from, count, columns);
            addWeighted(products, from, count, first, columns, firstGroup, groups, systems[g]);
        });
        context.parallelFor(rowGroups, (g, _) -> {
            damp(systems[g], unknowns);
            try (Factorized system = Factorized.of(systems[g], unknowns)) {
                system.solve(right[g], 0, 1);
            }
            apply(g, first, end, firstGroup, groups, right[g], codes);
        });
    }

    /** {@code B[from..from+count]·B[from..]ᵀ} of the signs' rows {@code [bit, column]}. */
    private float[] products(float[] signs, int rows, int from, int count, int columns) {
        int others = scales.bits() * columns - from;
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
        return products;
    }

    /**
     * Signs and right side of a column group.
     *
     * @param signs {@code ±1}, {@code [bit, column of the span, row of the group]}
     * @param right {@code −s}, {@code [bit, column group of the span]}
     */
    private void fillColumns(
            int g, int c, int first, int end, byte[] codes, float[] gradient, float[] signs, float[] right) {
        int columns = end - first;
        int from = scales.firstRow(g);
        int rows = scales.endRow(g) - from;
        int perGroup = scales.shape().columnsPerGroup();
        int unknowns = right.length / scales.bits();
        for (int k = c * perGroup; k < Math.min(columns, (c + 1) * perGroup); k++) {
            for (int i = 0; i < scales.bits(); i++) {
                int sign = (i * columns + k) * rows;
                int at = from * scales.inputs() + first + k;
                double sum = 0;
                for (int n = 0; n < rows; n++) {
                    float value = (codes[at] >> i & 1) != 0 ? 1 : -1;
                    signs[sign + n] = value;
                    sum -= (double) value * gradient[at];
                    at += scales.inputs();
                }
                right[i * unknowns + c] += (float) sum;
            }
        }
    }

    /** Adds {@code products[count, from..]}, weighted by H, to the upper half of the system. */
    private void addWeighted(
            float[] products, int from, int count, int first, int columns, int firstGroup, int groups, float[] system) {
        int unknowns = scales.bits() * groups;
        int others = scales.bits() * columns - from;
        for (int r = 0; r < count; r++) {
            int k = (from + r) % columns;
            int row = ((from + r) / columns * groups + scales.columnGroup(first + k) - firstGroup) * unknowns;
            int h = (first + k) * scales.inputs() + first;
            for (int bit = from / columns; bit < scales.bits(); bit++) {
                int begin = Math.max(from, bit * columns) - bit * columns;
                int product = r * others + bit * columns - from;
                addRow(products, product, h, begin, columns, system, row + bit * groups);
            }
        }
    }

    private void addRow(float[] products, int product, int h, int begin, int end, float[] system, int target) {
        float[] hessianValues = hessian.values();
        if (scales.shape().columnsPerGroup() == 1) {
            for (int l = begin; l < end; l++) {
                system[target + l] += products[product + l] * hessianValues[h + l];
            }
        } else {
            int perGroup = scales.shape().columnsPerGroup();
            for (int l = begin; l < end; l += perGroup) {
                double sum = 0;
                for (int j = l; j < Math.min(end, l + perGroup); j++) {
                    sum += (double) products[product + j] * hessianValues[h + j];
                }
                system[target + l / perGroup] += (float) sum;
            }
        }
    }

    private static void damp(float[] system, int unknowns) {
        double trace = 0;
        for (int i = 0; i < unknowns; i++) {
            trace += system[i * unknowns + i];
        }
        for (int i = 0; i < unknowns; i++) {
            system[i * unknowns + i] += (float) (RIDGE * trace / unknowns);
        }
    }

    private void apply(int g, int first, int end, int firstGroup, int groups, float[] change, byte[] codes) {
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

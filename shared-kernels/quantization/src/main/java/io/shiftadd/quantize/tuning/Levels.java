package io.shiftadd.quantize.tuning;

import io.shiftadd.model.VectorMath;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The {@code 2^q} values {@code Σ_i ±α_i} of every group of a layer in ascending order, their signs, and the thresholds
 * between neighbours: what a latent weight is rounded to.
 *
 * <p>Arrays are {@code [rowGroups, values, columnGroups]}, so that the columns of a row are neighbours.
 */
final class Levels {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final VectorSpecies<Integer> INTEGERS = IntVector.SPECIES_PREFERRED.withShape(SPECIES.vectorShape());

    private final int count;
    private final int columnGroups;
    private final float[] values;
    private final int[] signs;
    private final float[] thresholds;

    private Levels(int count, int rowGroups, int columnGroups) {
        this.count = count;
        this.columnGroups = columnGroups;
        values = new float[rowGroups * count * columnGroups];
        signs = new int[values.length];
        thresholds = new float[values.length];
    }

    /** @param alphas {@code [bits, rowGroups, columnGroups]} */
    static Levels of(float[] alphas, int bits, int rowGroups, int columnGroups) {
        Levels levels = new Levels(1 << bits, rowGroups, columnGroups);
        float[] sums = new float[levels.count];
        for (int r = 0; r < rowGroups; r++) {
            for (int c = 0; c < columnGroups; c++) {
                for (int code = 0; code < sums.length; code++) {
                    float sum = 0;
                    for (int bit = 0; bit < bits; bit++) {
                        float alpha = alphas[(bit * rowGroups + r) * columnGroups + c];
                        sum += (code >> bit & 1) != 0 ? alpha : -alpha;
                    }
                    sums[code] = sum;
                }
                levels.fill(sums, r, c);
            }
        }
        return levels;
    }

    private void fill(float[] sums, int rowGroup, int columnGroup) {
        int[] order = ascending(sums);
        for (int j = 0; j < count; j++) {
            int at = (rowGroup * count + j) * columnGroups + columnGroup;
            values[at] = sums[order[j]];
            signs[at] = order[j];
            thresholds[at] = j == 0 ? Float.NEGATIVE_INFINITY : (sums[order[j - 1]] + sums[order[j]]) / 2;
        }
    }

    /** By insertion: at most 256 values, mostly 4 or 8; equal ones by their signs. */
    private static int[] ascending(float[] sums) {
        int[] order = IntStream.range(0, sums.length).toArray();
        for (int i = 1; i < order.length; i++) {
            int moved = order[i];
            int j = i;
            while (j > 0 && sums[order[j - 1]] > sums[moved]) {
                order[j] = order[j - 1];
                j--;
            }
            order[j] = moved;
        }
        return order;
    }

    /**
     * Rounds one row.
     *
     * @param codes gets the signs of each weight: bit i set where α_i is added
     * @param target gets the values
     * @param at where the row starts in all three
     */
    void nearest(float[] latent, int[] codes, float[] target, int at, int columns, int rowGroup, int columnsPerGroup) {
        int base = rowGroup * count * columnGroups;
        if (columnsPerGroup == 1) {
            eachItsOwn(latent, codes, target, at, columns, base);
            return;
        }
        for (int from = 0; from < columns; from += columnsPerGroup) {
            int end = Math.min(columns, from + columnsPerGroup);
            together(latent, codes, target, at + from, at + end, base + from / columnsPerGroup);
        }
    }

    /** A group for each column. */
    private void eachItsOwn(float[] latent, int[] codes, float[] target, int at, int columns, int base) {
        for (int k = 0; k < columns; k += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(k, columns);
            VectorMask<Integer> integers = mask.cast(INTEGERS);
            FloatVector weight = FloatVector.fromArray(SPECIES, latent, at + k, mask);
            FloatVector value = FloatVector.fromArray(SPECIES, values, base + k, mask);
            IntVector code = IntVector.fromArray(INTEGERS, signs, base + k, integers);
            for (int j = 1; j < count; j++) {
                int next = base + j * columnGroups + k;
                VectorMask<Float> above =
                        weight.compare(VectorOperators.GT, FloatVector.fromArray(SPECIES, thresholds, next, mask));
                value = value.blend(FloatVector.fromArray(SPECIES, values, next, mask), above);
                code = code.blend(IntVector.fromArray(INTEGERS, signs, next, integers), above.cast(INTEGERS));
            }
            value.intoArray(target, at + k, mask);
            code.intoArray(codes, at + k, integers);
        }
    }

    /** Columns of one group. */
    private void together(float[] latent, int[] codes, float[] target, int from, int end, int group) {
        for (int k = from; k < end; k += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(k, end);
            FloatVector weight = FloatVector.fromArray(SPECIES, latent, k, mask);
            FloatVector value = FloatVector.broadcast(SPECIES, values[group]);
            IntVector code = IntVector.broadcast(INTEGERS, signs[group]);
            for (int j = 1; j < count; j++) {
                int next = group + j * columnGroups;
                VectorMask<Float> above = weight.compare(VectorOperators.GT, thresholds[next]);
                value = value.blend(values[next], above);
                code = code.blend(signs[next], above.cast(INTEGERS));
            }
            value.intoArray(target, k, mask);
            code.intoArray(codes, k, mask.cast(INTEGERS));
        }
    }
}

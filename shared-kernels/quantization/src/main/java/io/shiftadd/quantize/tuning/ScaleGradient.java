package io.shiftadd.quantize.tuning;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.model.layers.VectorMath;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code dα_i[g] = Σ over the group of gradient·sign_i}, {@code [bits, rowGroups, columnGroups]}. Float; sums of a
 * group have one order, whatever the threads.
 *
 * @param codes {@code [outputs, inputs]}: bit i set where α_i is added
 */
record ScaleGradient(GroupShape groups, int outputs, int inputs, int bits, float[] gradient, int[] codes) {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final VectorSpecies<Integer> INTEGERS = IntVector.SPECIES_PREFERRED.withShape(SPECIES.vectorShape());

    /** Columns that one thread sums. */
    private static final int STRIP = 256;

    void sumInto(float[] target, KernelContext context) {
        int rowGroups = groups.rowGroups(outputs);
        int columnGroups = groups.columnGroups(inputs);
        int perGroup = groups.columnsPerGroup();
        int stripGroups = Math.max(1, STRIP / perGroup);
        int strips = Math.ceilDiv(columnGroups, stripGroups);
        context.parallelFor(strips * rowGroups, (index, _) -> {
            int rowGroup = index / strips;
            int first = index % strips * stripGroups;
            int end = Math.min(columnGroups, first + stripGroups);
            for (int bit = 0; bit < bits; bit++) {
                int at = (bit * rowGroups + rowGroup) * columnGroups;
                if (perGroup == 1) {
                    columns(rowGroup, first, end, bit, target, at);
                } else {
                    for (int group = first; group < end; group++) {
                        target[at + group] = group(rowGroup, group, bit);
                    }
                }
            }
        });
    }

    private int firstRow(int rowGroup) {
        return rowGroup * groups.rowsPerGroup();
    }

    private int endRow(int rowGroup) {
        return Math.min(outputs, firstRow(rowGroup + 1));
    }

    /** A group for each column: sums of all of them grow row by row. */
    private void columns(int rowGroup, int first, int end, int bit, float[] target, int at) {
        Arrays.fill(target, at + first, at + end, 0);
        for (int row = firstRow(rowGroup); row < endRow(rowGroup); row++) {
            for (int k = first; k < end; k += VectorMath.LANES) {
                VectorMask<Float> mask = SPECIES.indexInRange(k, end);
                FloatVector.fromArray(SPECIES, target, at + k, mask)
                        .add(signed(row * inputs + k, bit, mask))
                        .intoArray(target, at + k, mask);
            }
        }
    }

    private float group(int rowGroup, int group, int bit) {
        int first = group * groups.columnsPerGroup();
        int end = Math.min(inputs, first + groups.columnsPerGroup());
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int row = firstRow(rowGroup); row < endRow(rowGroup); row++) {
            for (int k = first; k < end; k += VectorMath.LANES) {
                sum = sum.add(signed(row * inputs + k, bit, SPECIES.indexInRange(k, end)));
            }
        }
        return VectorMath.sum(sum);
    }

    /** Zero where the mask is not set. */
    private FloatVector signed(int at, int bit, VectorMask<Float> mask) {
        FloatVector d = FloatVector.fromArray(SPECIES, gradient, at, mask);
        VectorMask<Integer> added = IntVector.fromArray(INTEGERS, codes, at, mask.cast(INTEGERS))
                .and(1 << bit)
                .compare(VectorOperators.NE, 0);
        return d.neg().blend(d, added.cast(SPECIES));
    }
}

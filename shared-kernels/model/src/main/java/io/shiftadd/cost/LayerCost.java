package io.shiftadd.cost;

import io.shiftadd.kernel.PackedLinear;
import org.jspecify.annotations.Nullable;

/**
 * What a linear layer {@code W[outputs, inputs]} takes for one token, original and as it is stored.
 *
 * @param name without the tensors' suffix
 * @param original of the layer with float16 weights
 * @param stored of the layer as it is stored; the same where it is not packed
 * @param bytes of the weights as they are stored: planes, scales and signs, or the matrix
 * @param packing how it is packed; absent where it is not
 */
public record LayerCost(
        String name,
        int outputs,
        int inputs,
        OperationCounts original,
        OperationCounts stored,
        long bytes,
        @Nullable Packing packing) {

    /** Activations whose ±sums share one table. */
    private static final int COLUMNS_PER_TABLE = 4;

    private static final int ENTRIES_PER_TABLE = 1 << COLUMNS_PER_TABLE;

    private static final int FLOAT16_BYTES = 2;

    /**
     * The numbers of a packed layer that docs/format.md lists.
     *
     * @param terms powers of two in a scale; 0 for row-wise float scales
     * @param inputBlock of the rotation, 0 for none
     */
    public record Packing(int bits, int rowsPerGroup, int columnsPerGroup, int terms, int inputBlock, int outputBlock) {

        static Packing of(int[] layout) {
            return new Packing(layout[3], layout[4], layout[5], layout[6], layout[8], layout[9]);
        }

        int rowGroups(int outputs) {
            return Math.ceilDiv(outputs, Math.max(1, rowsPerGroup));
        }
    }

    static LayerCost dense(String name, int outputs, int inputs, long bytes) {
        return new LayerCost(name, outputs, inputs, dense(outputs, inputs), dense(outputs, inputs, bytes), bytes, null);
    }

    /** Every weight is a shift of an activation in fixed point, and an addition. */
    static LayerCost shifts(String name, int outputs, int inputs, long bytes) {
        double weights = (double) outputs * inputs;
        OperationCounts counts = OperationCounts.NONE
                .with(Operation.INT32_SHIFT, weights)
                .with(Operation.INT32_ADD, weights)
                .with(Operation.DRAM_BYTE, bytes);
        return new LayerCost(name, outputs, inputs, counts, counts, bytes, null);
    }

    static LayerCost packed(String name, int outputs, int inputs, long bytes, Packing packing) {
        OperationCounts counts =
                packing.terms() == 0 ? rowwise(outputs, inputs, packing) : shiftsAndAdds(outputs, inputs, packing);
        return new LayerCost(
                name, outputs, inputs, dense(outputs, inputs), counts.with(Operation.DRAM_BYTE, bytes), bytes, packing);
    }

    public long weights() {
        return (long) outputs * inputs;
    }

    /** Bytes of the look-up tables that a token needs at once. */
    public long tableBytes() {
        if (packing == null) {
            return 0;
        }
        long tables = Math.ceilDiv(inputs, COLUMNS_PER_TABLE);
        long bytes = tables * ENTRIES_PER_TABLE;
        return packing.terms() == 0 ? bytes : bytes * packing.bits() * packing.rowGroups(outputs);
    }

    private static OperationCounts dense(int outputs, int inputs) {
        return dense(outputs, inputs, (long) outputs * inputs * FLOAT16_BYTES);
    }

    private static OperationCounts dense(int outputs, int inputs, long bytes) {
        double weights = (double) outputs * inputs;
        return OperationCounts.NONE
                .with(Operation.FP16_MULTIPLY, weights)
                .with(Operation.FP16_ADD, weights)
                .with(Operation.DRAM_BYTE, bytes);
    }

    /**
     * Activations are rotated, shifted by each term of their scale and added up, for each bit and group of rows; every
     * four of them make a table of 16 sums; every four weights of a bit are one look-up and one addition; sums become
     * floats as often as the kernel folds them; outputs are rotated back.
     */
    private static OperationCounts shiftsAndAdds(int outputs, int inputs, Packing packing) {
        double scaled = (double) inputs * packing.bits() * packing.rowGroups(outputs);
        double lookUps = (double) outputs * inputs / COLUMNS_PER_TABLE * packing.bits();
        double steps = (double) outputs * packing.bits() * Math.ceilDiv(inputs, PackedLinear.COLUMNS_PER_STEP);
        double rotations = inputs * log2(packing.inputBlock()) + outputs * log2(packing.outputBlock());
        double additions =
                rotations + scaled * (packing.terms() - 1) + scaled / COLUMNS_PER_TABLE * ENTRIES_PER_TABLE + lookUps;
        return OperationCounts.NONE
                .with(Operation.INT32_SHIFT, scaled * packing.terms())
                .with(Operation.INT32_ADD, additions)
                .with(Operation.LOOK_UP, lookUps)
                .with(Operation.FP16_MULTIPLY, steps)
                .with(Operation.FP16_ADD, steps);
    }

    /** One set of tables of the activations as they are; each group of columns of a row is multiplied by its scales. */
    private static OperationCounts rowwise(int outputs, int inputs, Packing packing) {
        double lookUps = (double) outputs * inputs / COLUMNS_PER_TABLE * packing.bits();
        double groups = Math.ceilDiv(inputs, Math.max(1, packing.columnsPerGroup()));
        double scales = outputs * groups * (packing.bits() + 1);
        double tables = (double) inputs / COLUMNS_PER_TABLE * ENTRIES_PER_TABLE;
        return OperationCounts.NONE
                .with(Operation.INT32_ADD, tables + inputs + lookUps)
                .with(Operation.LOOK_UP, lookUps)
                .with(Operation.FP16_MULTIPLY, scales)
                .with(Operation.FP16_ADD, scales);
    }

    private static double log2(int block) {
        return block < 2 ? 0 : Integer.numberOfTrailingZeros(Integer.highestOneBit(block));
    }
}

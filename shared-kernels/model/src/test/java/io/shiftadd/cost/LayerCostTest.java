package io.shiftadd.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.cost.LayerCost.Packing;
import io.shiftadd.kernel.PackedLinear;
import org.junit.jupiter.api.Test;

class LayerCostTest {

    private static final double DRAM = 1300.0 / 8;

    @Test
    void countsAMultiplicationAnAdditionAndTwoBytesAWeight() {
        LayerCost layer = LayerCost.dense("x", 16, 8, 512);
        assertThat(layer.original().picojoules()).isCloseTo(128 * (1.1 + 0.4 + 2 * DRAM), within(1e-9));
        assertThat(layer.stored().of(Operation.DRAM_BYTE))
                .as("float32 as it is stored")
                .isEqualTo(512);
        assertThat(layer.tableBytes()).isZero();
    }

    /** 32 × 16 weights, 2 bits, 3 terms, one scale a column, rotated on both sides: worked out by hand. */
    @Test
    void countsColumnWiseScales() {
        LayerCost layer = LayerCost.packed("x", 32, 16, 250, new Packing(2, 32, 1, 3, 16, 32));
        OperationCounts counts = layer.stored();
        assertThat(counts.of(Operation.INT32_SHIFT)).isEqualTo(16 * 2 * 3);
        double rotations = 16 * 4 + 32 * 5;
        double scaling = 16 * 2 * 2;
        double tables = 16 / 4 * 16 * 2;
        double lookUps = 32 * 16 / 4 * 2;
        assertThat(counts.of(Operation.INT32_ADD)).isEqualTo(rotations + scaling + tables + lookUps);
        assertThat(counts.of(Operation.LOOK_UP)).isEqualTo(lookUps);
        assertThat(counts.of(Operation.FP16_MULTIPLY)).as("one a row and bit").isEqualTo(32 * 2);
        assertThat(counts.of(Operation.DRAM_BYTE)).isEqualTo(250);
        assertThat(layer.tableBytes()).isEqualTo(4 * 16 * 2);
        assertThat(layer.original().of(Operation.FP16_MULTIPLY)).isEqualTo(512);
    }

    @Test
    void multipliesAsOftenAsTheKernelFoldsItsSums() {
        int columns = PackedLinear.COLUMNS_PER_STEP;
        Packing packing = new Packing(3, 64, 1, 3, 0, 0);
        assertThat(LayerCost.packed("x", 64, columns, 0, packing).stored().of(Operation.FP16_MULTIPLY))
                .isEqualTo(64 * 3);
        assertThat(LayerCost.packed("x", 64, columns + 1, 0, packing).stored().of(Operation.FP16_MULTIPLY))
                .isEqualTo(64 * 3 * 2);
    }

    @Test
    void countsTablesOfEveryGroupOfRows() {
        OperationCounts column =
                LayerCost.packed("x", 64, 16, 0, new Packing(2, 64, 1, 1, 0, 0)).stored();
        OperationCounts block =
                LayerCost.packed("x", 64, 16, 0, new Packing(2, 16, 8, 1, 0, 0)).stored();
        assertThat(block.of(Operation.INT32_SHIFT)).isEqualTo(4 * column.of(Operation.INT32_SHIFT));
        assertThat(block.of(Operation.LOOK_UP)).isEqualTo(column.of(Operation.LOOK_UP));
    }

    @Test
    void countsTheMultiplicationsOfBaselines() {
        LayerCost layer = LayerCost.packed("x", 32, 256, 0, new Packing(3, 1, 128, 0, 0, 0));
        assertThat(layer.stored().of(Operation.FP16_MULTIPLY)).isEqualTo(32 * 2 * (3 + 1));
        assertThat(layer.stored().of(Operation.INT32_SHIFT)).isZero();
        assertThat(layer.tableBytes()).isEqualTo(256 / 4 * 16);
    }

    @Test
    void addsUp() {
        OperationCounts one = OperationCounts.NONE.with(Operation.INT32_ADD, 3).with(Operation.LOOK_UP, 2);
        assertThat(one.plus(one).of(Operation.INT32_ADD)).isEqualTo(6);
        assertThat(one.plus(one).picojoules()).isCloseTo(2 * one.picojoules(), within(1e-12));
    }
}

package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.quantize.job.EnergyModel.Layer;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnergyModelTest {

    /** 16 × 8 weights of 2 bits, worked out by hand. */
    private final Layer layer = new Layer(16, 8, 2, 3, 40);

    @Test
    void countsAMultiplicationAnAdditionAndSixteenBitsAWeight() {
        assertThat(EnergyModel.original(List.of(layer))).isCloseTo(128 * (1.5 + 16 * 20.3125), within(1e-9));
    }

    @Test
    void countsShiftsTablesLookUpsAndPackedBytes() {
        double shifts = 8 * 2 * 3 * 0.23;
        double tables = 2 * 2 * 16 * 0.1;
        double sums = 32 * 2 * 0.1;
        double memory = 40 * 8 * 20.3125;
        assertThat(EnergyModel.packed(List.of(layer))).isCloseTo(shifts + tables + sums + memory, within(1e-9));
    }

    @Test
    void addsLayersUp() {
        assertThat(EnergyModel.packed(List.of(layer, layer)))
                .isCloseTo(2 * EnergyModel.packed(List.of(layer)), within(1e-9));
    }
}

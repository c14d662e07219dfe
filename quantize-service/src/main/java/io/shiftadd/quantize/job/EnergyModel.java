package io.shiftadd.quantize.job;

import java.util.Collection;

/**
 * Estimate of the energy that the linear layers of the decoder blocks take for one token: arithmetic, and reading every
 * weight once from memory. Energy of one operation in a 45 nm process:
 *
 * <table>
 * <caption>picojoules</caption>
 * <tr><td>FP16 multiplication</td><td>1.1</td></tr>
 * <tr><td>FP16 addition</td><td>0.4</td></tr>
 * <tr><td>INT8 addition</td><td>0.03</td></tr>
 * <tr><td>INT32 addition</td><td>0.1</td></tr>
 * <tr><td>64 bits from DRAM</td><td>1300 to 2600</td></tr>
 * </table>
 *
 * <p>Source: M. Horowitz, "Computing's Energy Problem (and what we can do about it)", ISSCC 2014, figure 1.1.9. The
 * INT32 shift (0.13 pJ) is from H. You et al., "ShiftAddNet", NeurIPS 2020, table 1 (45 nm, ASIC).
 *
 * <p>Caches, attention, norms, embeddings and the head are not counted: they are the same before and after, or belong to
 * a particular processor. Of the DRAM range the lower end is taken, which favours the original.
 */
final class EnergyModel {

    static final double FP16_MULTIPLY = 1.1;
    static final double FP16_ADD = 0.4;
    static final double INT32_ADD = 0.1;
    static final double INT32_SHIFT = 0.13;
    static final double DRAM_PER_BIT = 1300.0 / 64;

    /** Activations whose ±sums share one table of {@code 2^4} entries. */
    private static final int COLUMNS_PER_TABLE = 4;

    private static final int ENTRIES_PER_TABLE = 1 << COLUMNS_PER_TABLE;
    private static final int FP16_BITS = 16;

    /**
     * A linear layer {@code W[outputs, inputs]}.
     *
     * @param bits binary matrices
     * @param terms powers of two in a scale
     * @param packedBytes of the packed layer, scales and all
     */
    record Layer(int outputs, int inputs, int bits, int terms, long packedBytes) {

        double weights() {
            return (double) outputs * inputs;
        }
    }

    private EnergyModel() {}

    /** Picojoules a token with FP16 weights: a multiplication, an addition and 16 bits from memory a weight. */
    static double original(Collection<Layer> layers) {
        return layers.stream()
                .mapToDouble(layer -> layer.weights() * (FP16_MULTIPLY + FP16_ADD + FP16_BITS * DRAM_PER_BIT))
                .sum();
    }

    /**
     * Picojoules a token with packed weights: {@code bits·terms} shifts and additions an activation, the tables ({@code
     * 16} additions for every 4 activations and bit), one addition for every 4 weights and bit, and the packed bytes
     * from memory. Additions count as INT32 though the kernel's are narrower.
     */
    static double packed(Collection<Layer> layers) {
        return layers.stream().mapToDouble(EnergyModel::packed).sum();
    }

    private static double packed(Layer layer) {
        double scaling = (double) layer.inputs * layer.bits * layer.terms * (INT32_SHIFT + INT32_ADD);
        double tables = (double) layer.inputs / COLUMNS_PER_TABLE * layer.bits * ENTRIES_PER_TABLE * INT32_ADD;
        double sums = layer.weights() / COLUMNS_PER_TABLE * layer.bits * INT32_ADD;
        return scaling + tables + sums + layer.packedBytes * 8.0 * DRAM_PER_BIT;
    }
}

package io.shiftadd.kernel.tables;

import static io.shiftadd.kernel.packed.TableLayout.GROUP_COLUMNS;

import io.shiftadd.kernel.packed.PackedScales;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.packed.TableLayout;
import io.shiftadd.kernel.packed.TablePass;

/**
 * Builds the look-up tables of a chunk of columns, for all planes of a row group.
 *
 * <p>Entry {@code i} of four columns is {@code e_i = (±u_0 ± u_1) + (±u_2 ± u_3)} with plus where bit {@code j} of
 * {@code i} is set. {@code u_k = x_k·α_k} are the shifted activations, {@code α = Σ_t ±2^{p_t}}: one multiplication by
 * the α, which the layer keeps added up, stands for the shifts and additions. Where four columns share their scale
 * ({@code columnsPerGroup} a multiple of 4), the sixteen sums are made of the {@code x_k} once and then shifted,
 * {@code α·e_i}; that multiplication is the same one that divides by the step.
 *
 * <p>A byte of codes selects the entries of two neighbouring groups. With {@code b} of a group
 * {@code (|u_0| + |u_1|) + (|u_2| + |u_3|)}, or {@code |α|·(…)} of the {@code x_k}, the bound of a chunk is the largest
 * {@code b + b'} of two such groups. The step is {@code bound / levels}, the entry stored is
 * {@code round(e_i·(levels / bound)) + bias}, ties to even, rounded once by a fused multiplication and addition, modulo
 * 2^8. Below {@link #SMALLEST_BOUND} step and entries are zero; a bound that is not finite makes the step NaN.
 */
public interface TableBuilder {

    /** Below this a chunk's activations count as zero: the reciprocal of the step would not be finite. */
    float SMALLEST_BOUND = 0x1p-100f;

    /** Keeps {@code α / step} finite where only activations smaller than 2^−120 are left to be multiplied by it. */
    float LARGEST_FACTOR = Float.MAX_VALUE;

    /** Added to a float below 2^22 in magnitude, leaves its nearest integer (ties to even) in the low bits. */
    float ROUND_TO_INTEGER = 0x1.8p23f;

    /** Floats beyond the last one that may be overwritten: vectors are stored whole. */
    int SLACK = PackedScales.SLACK;

    /** Makes what the tables of all row groups have in common; worth it where there are several. */
    void prepare(TableInput input, int tokens);

    /** Whether four columns share their scale, so that sums can be made before they are shifted. */
    static boolean shiftsTables(PackedScales scales) {
        return scales.columnsPerGroup() % GROUP_COLUMNS == 0;
    }

    /**
     * @param input activations, prepared or not; columns beyond its inputs are zero
     * @param token of the input and of the pass
     * @param chunk of columns
     * @param pass scales, layout and target
     * @param scratch of the calling thread
     */
    void build(TableInput input, int token, int chunk, TablePass pass, Scratch scratch);

    /** The step of a chunk. */
    static float step(float bound) {
        if (!(bound <= Float.MAX_VALUE)) {
            return Float.NaN;
        }
        return bound < SMALLEST_BOUND ? 0 : bound / TableLayout.LEVELS;
    }

    /** What entries are multiplied by: the reciprocal of the step, 0 where there is none. */
    static float inverse(float bound) {
        return bound >= SMALLEST_BOUND && bound <= Float.MAX_VALUE ? TableLayout.LEVELS / bound : 0;
    }
}

package io.shiftadd.kernel;

import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.kernel.packed.PackedPlanes;
import io.shiftadd.kernel.packed.PackedScales;
import io.shiftadd.kernel.packed.Packing;
import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.packed.TableLayout;
import io.shiftadd.kernel.rotation.HadamardRotation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The served packed layer: looks up and adds.
 *
 * <p>{@code y = R_out(Σ_i B_i·(α_i ⊙ R_in(x))) + b} with {@code W ≈ Σ_i α_i ⊙ B_i} and rotations
 * {@code R} where the layer has them. For every token the activations are shifted by the powers of two of the scales;
 * four shifted activations make a table of their sixteen signed sums, rounded to 8 bits with one step for each
 * bit plane and chunk of up to {@value TableLayout#CHUNK_COLUMNS} columns; four bits of a plane select an entry.
 * Entries are added as integers, exactly; a sum is converted to float once for each plane and chunk, multiplied by the
 * step and added to the row's float accumulator, planes outermost, in a fixed order. So the result is defined to the
 * last bit, whatever kernel computes it, with however many threads and tokens.
 *
 * <p>Types: planes of bits, scales of signed exponents, activations and accumulators float, table entries unsigned
 * bytes, their sums 32-bit integers. Nothing but {@code y} is changed.
 *
 * <p>Error against the expanded weights: every look-up is off by at most half a step, of which the largest sum of two
 * entries has {@link #TABLE_LEVELS}, so a row before the output rotation by at most {@code Σ_planes Σ_chunks
 * ½·step·(columns/4)}, besides float rounding of relative size {@code (bits·chunks + 8)·2^−24} of the sum of
 * magnitudes. A chunk whose shifted activations sum up to less than 2^−100 counts as zero. An activation that is not
 * finite, or a sum that overflows float, makes all outputs of its token NaN.
 *
 * <p>Source: ShiftAddLLM (You et al., 2024), section 4; look-up tables in vector registers as in T-MAC (Wei et al.,
 * 2024). Deviations: tables are quantized with integer sums, and residual terms keep their signs.
 */
public final class PackedLinear implements LinearLayer {

    /** Columns after which sums of table entries become floats, times the step of their tables. */
    public static final int COLUMNS_PER_STEP = TableLayout.CHUNK_COLUMNS;

    /** Steps in the largest magnitude of two table entries that a byte of codes selects. */
    public static final int TABLE_LEVELS = TableLayout.LEVELS;

    private final PackedPlanes planes;
    private final PackedScales scales;
    private final float @Nullable [] bias;
    private final @Nullable HadamardRotation inputRotation;
    private final @Nullable HadamardRotation outputRotation;
    private final TableLayout tableLayout;

    PackedLinear(
            PackedPlanes planes,
            PackedScales scales,
            float @Nullable [] bias,
            @Nullable HadamardRotation inputRotation,
            @Nullable HadamardRotation outputRotation) {
        this.planes = planes;
        this.scales = scales;
        this.bias = bias;
        this.inputRotation = inputRotation;
        this.outputRotation = outputRotation;
        PlaneLayout layout = planes.layout();
        this.tableLayout = new TableLayout(layout.columnTiles(), layout.bits());
        LayerChecks.check(layout, scales, bias, inputRotation, outputRotation);
    }

    /**
     * Packs a coding for serving.
     *
     * @param bias {@code [outputs]}, or null for none
     * @param input the rotation that the coding's inputs expect, or null
     * @param output the rotation that the coding's outputs are in, or null
     * @throws IllegalArgumentException if sizes do not fit
     */
    public static PackedLinear pack(
            BinaryCoding coding,
            float @Nullable [] bias,
            @Nullable HadamardRotation input,
            @Nullable HadamardRotation output) {
        return new PackedLinear(
                Packing.planes(
                        new PlaneLayout(
                                coding.outputs(),
                                coding.inputs(),
                                coding.bits(),
                                coding.groups().rowsPerGroup()),
                        coding.codes()),
                Packing.scales(coding),
                bias == null ? null : bias.clone(),
                input,
                output);
    }

    /** The same layer with another bias; shares planes and scales. */
    public PackedLinear withBias(float @Nullable [] other) {
        return new PackedLinear(planes, scales, other, inputRotation, outputRotation);
    }

    /** The coding that {@link #pack} was given; without the rotations and the bias. */
    public BinaryCoding unpack() {
        return Packing.unpack(planes, scales);
    }

    /** The matrix {@code [outputs, inputs]} in float, rotations undone: what the layer approximates, for checks. */
    public float[] toDense() {
        return Packing.dense(unpack(), inputRotation, outputRotation);
    }

    @Override
    public int inputs() {
        return planes.layout().inputs();
    }

    @Override
    public int outputs() {
        return planes.layout().outputs();
    }

    /** Bit planes of the coding. */
    public int bits() {
        return planes.layout().bits();
    }

    /** Which weights share a scale. */
    public GroupShape groups() {
        return new GroupShape(scales.rowsPerGroup(), scales.columnsPerGroup());
    }

    /** Powers of two a scale may have. */
    public int terms() {
        return scales.terms();
    }

    /** The rotation of the inputs, or null. */
    public @Nullable HadamardRotation inputRotation() {
        return inputRotation;
    }

    /** The rotation of the outputs, or null. */
    public @Nullable HadamardRotation outputRotation() {
        return outputRotation;
    }

    /** The bias; the layer's own array, or null. */
    public float @Nullable [] bias() {
        return bias;
    }

    /** Bytes of planes, scales and signs. */
    @Override
    public long weightBytes() {
        return planes.data().byteSize()
                + scales.data().byteSize()
                + (inputRotation == null ? 0 : inputRotation.signBits().length)
                + (outputRotation == null ? 0 : outputRotation.signBits().length);
    }

    @Override
    public void forward(float[] x, float[] y, int tokens, KernelContext context) {
        LayerChecks.checkArrays(this, x, y, tokens);
        context.packedForward().run(this, x, y, tokens);
    }

    /** As {@link LinearLayer#forwardAll}, for packed layers only; shares regions and rotations. */
    static void forwardPacked(
            List<? extends LinearLayer> layers, float[] x, List<float[]> ys, int tokens, KernelContext context) {
        context.packedForward().run(layers, x, ys, tokens);
    }

    PackedPlanes planes() {
        return planes;
    }

    PackedScales scales() {
        return scales;
    }

    TableLayout tableLayout() {
        return tableLayout;
    }
}

package io.shiftadd.kernel;

import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.RowwiseCoding;
import io.shiftadd.kernel.packed.PackedPlanes;
import io.shiftadd.kernel.packed.PackedScales;
import io.shiftadd.kernel.packed.Packing;
import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.packed.RowPass;
import io.shiftadd.kernel.packed.RowwiseScales;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.packed.Scratch.Slot;
import io.shiftadd.kernel.packed.TableLayout;
import io.shiftadd.kernel.packed.TablePass;
import io.shiftadd.kernel.tables.TableInput;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Serves a {@link RowwiseCoding}, so that the baselines run through the same look-ups as packed layers:
 * {@code y[n] = Σ_i Σ_g s_i[n,g]·(Σ_{k∈g} ±x_k) + Σ_g z[n,g]·(Σ_{k∈g} x_k) + b[n]}.
 *
 * <p>The tables are made of the activations as they are and serve all planes; a row multiplies the sum of a column
 * group by its scale. Scales and offsets are float16, as LUT-GEMM (Park et al., 2024) keeps them; accumulators are
 * float, planes outermost, offsets last. Error: every look-up is off by at most half a step, as in
 * {@link TableLayout}, times the row's scale. Correct, not tuned.
 */
public final class RowwiseLinear implements LinearLayer {

    private static final int CHUNK_ROW_TILES = 8;

    private final PackedPlanes planes;
    private final RowwiseScales scales;
    private final float @Nullable [] bias;
    private final TableLayout tableLayout;
    private final TableLayout[] groupLayouts;
    private final PackedPlanes[] groupPlanes;
    private final PackedScales unit;

    RowwiseLinear(PackedPlanes planes, RowwiseScales scales, float @Nullable [] bias) {
        this.planes = planes;
        this.scales = scales;
        this.bias = bias;
        PlaneLayout shape = planes.layout();
        scales.check(shape);
        if (bias != null && bias.length != shape.outputs()) {
            throw new IllegalArgumentException(
                    "a bias of " + bias.length + " values does not fit " + shape.outputs() + " outputs");
        }
        int groupTiles = Math.ceilDiv(scales.columnsPerGroup(), PlaneLayout.TILE_COLUMNS);
        // A chunk must not reach into the next column group.
        int mostTiles = TableLayout.CHUNK_TILES;
        int chunkTiles = scales.groups() == 1 ? mostTiles : Math.min(mostTiles, Integer.lowestOneBit(groupTiles));
        tableLayout = new TableLayout(shape.columnTiles(), 1, chunkTiles);
        int groups = scales.groups();
        groupLayouts = new TableLayout[groups];
        groupPlanes = new PackedPlanes[shape.bits() * groups];
        for (int g = 0; g < groups; g++) {
            int first = g * scales.columnsPerGroup();
            int columns = Math.min(scales.columnsPerGroup(), shape.inputs() - first);
            int tiles = Math.ceilDiv(columns, PlaneLayout.TILE_COLUMNS);
            groupLayouts[g] = new TableLayout(tiles, 1, chunkTiles);
            for (int plane = 0; plane < shape.bits(); plane++) {
                groupPlanes[plane * groups + g] = planes.view(plane, first, columns);
            }
        }
        byte[] one = new byte[1];
        ApotScales.encode(1, 1, one, 0);
        int allColumns = shape.columnTiles() * PlaneLayout.TILE_COLUMNS;
        unit = new PackedScales(1, 1, 1, 1, shape.outputs(), allColumns, MemorySegment.ofArray(one));
    }

    /**
     * Packs a coding; scales and offsets are rounded to float16.
     *
     * @throws IllegalArgumentException if columns per group are neither a multiple of 32 nor all columns
     */
    public static RowwiseLinear pack(RowwiseCoding coding, float @Nullable [] bias) {
        return new RowwiseLinear(
                Packing.planes(
                        new PlaneLayout(coding.outputs(), coding.inputs(), coding.bits(), coding.outputs()),
                        coding.codes()),
                RowwiseScales.of(coding),
                bias == null ? null : bias.clone());
    }

    /** The coding, its scales and offsets as they were rounded; without the bias. */
    public RowwiseCoding unpack() {
        PlaneLayout shape = planes.layout();
        return new RowwiseCoding(
                shape.outputs(),
                shape.inputs(),
                shape.bits(),
                scales.columnsPerGroup(),
                scales.scales().clone(),
                scales.offsets().clone(),
                Packing.codes(planes));
    }

    /** The matrix {@code [outputs, inputs]} in float. */
    public float[] toDense() {
        RowwiseCoding coding = unpack();
        float[] dense = new float[Math.multiplyExact(outputs(), inputs())];
        for (int i = 0; i < dense.length; i++) {
            dense[i] = coding.weight(i / inputs(), i % inputs());
        }
        return dense;
    }

    /** Bit planes of the coding. */
    public int bits() {
        return planes.layout().bits();
    }

    @Override
    public int inputs() {
        return planes.layout().inputs();
    }

    @Override
    public int outputs() {
        return planes.layout().outputs();
    }

    /** Bytes of planes, scales and offsets. */
    @Override
    public long weightBytes() {
        return planes.data().byteSize() + scales.bytes();
    }

    PackedPlanes planes() {
        return planes;
    }

    RowwiseScales scales() {
        return scales;
    }

    float @Nullable [] bias() {
        return bias;
    }

    @Override
    public void forward(float[] x, float[] y, int tokens, KernelContext context) {
        LayerChecks.checkArrays(this, x, y, tokens);
        byte[] tables = context.sharedScratch().bytes(Slot.TABLES, tableLayout.bytes());
        float[] steps = context.sharedScratch().floats(Slot.STEPS, tableLayout.steps());
        float[] groupSums = context.sharedScratch().floats(Slot.GROUP_SUMS, scales.groups());
        TableInput input = new TableInput();
        for (int t = 0; t < tokens; t++) {
            int token = t;
            input.read(x, token * inputs(), inputs());
            context.parallelFor(tableLayout.chunks(), (chunk, worker) -> {
                Scratch scratch = context.scratch(worker);
                TablePass pass = scratch.tablePass().of(unit, 0, tableLayout).into(tables, 0, steps, 0);
                context.kernel().tables().build(input, 0, chunk, pass, scratch);
            });
            sumGroups(x, token * inputs(), groupSums);
            int rowTiles = planes.layout().rowTiles();
            context.parallelFor(Math.ceilDiv(rowTiles, CHUNK_ROW_TILES), (chunk, worker) -> {
                int first = chunk * CHUNK_ROW_TILES;
                int count = Math.min(CHUNK_ROW_TILES, rowTiles - first);
                rows(first, count, tables, steps, groupSums, y, token * outputs(), context, worker);
            });
        }
    }

    private void sumGroups(float[] x, int offset, float[] groupSums) {
        Arrays.fill(groupSums, 0, scales.groups(), 0);
        for (int k = 0; k < inputs(); k++) {
            groupSums[k / scales.columnsPerGroup()] += x[offset + k];
        }
    }

    private void rows(
            int firstTile,
            int tiles,
            byte[] tables,
            float[] steps,
            float[] groupSums,
            float[] y,
            int yOffset,
            KernelContext context,
            int worker) {
        int from = firstTile * PlaneLayout.TILE_ROWS;
        int to = Math.min(from + tiles * PlaneLayout.TILE_ROWS, outputs());
        int groups = scales.groups();
        float[] part = context.scratch(worker).floats(Slot.GROUP_SUMS, CHUNK_ROW_TILES * PlaneLayout.TILE_ROWS);
        Arrays.fill(y, yOffset + from, yOffset + to, 0);
        for (int i = 0; i < groupPlanes.length; i++) {
            int group = i % groups;
            int firstColumnTile = group * (scales.columnsPerGroup() / PlaneLayout.TILE_COLUMNS);
            int table = firstColumnTile * TableLayout.TILE_TABLE_BYTES;
            Scratch scratch = context.scratch(worker);
            RowPass pass = scratch.rowPass()
                    .of(groupPlanes[i], groupLayouts[group])
                    .with(tables, table, steps, firstColumnTile / tableLayout.chunkTiles())
                    .into(part, -from, 0, 1);
            context.kernel().rows().lookUp(pass, firstTile, 1, tiles, scratch);
            int plane = i / groups * outputs() * groups;
            for (int n = from; n < to; n++) {
                y[yOffset + n] += scales.scales()[plane + n * groups + group] * part[n - from];
            }
        }
        for (int n = from; n < to; n++) {
            float sum = y[yOffset + n];
            for (int g = 0; g < groups; g++) {
                sum += scales.offsets()[n * groups + g] * groupSums[g];
            }
            y[yOffset + n] = bias == null ? sum : sum + bias[n];
        }
    }
}

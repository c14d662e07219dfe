package io.shiftadd.kernel.tables;

import static io.shiftadd.kernel.packed.PlaneLayout.TILE_COLUMNS;
import static io.shiftadd.kernel.packed.TableLayout.GROUP_COLUMNS;
import static io.shiftadd.kernel.tables.TableEntries.BLOCK;
import static io.shiftadd.kernel.tables.TableEntries.SUMS_OF_COLUMN;

import io.shiftadd.kernel.packed.PackedScales;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.packed.Scratch.Slot;
import io.shiftadd.kernel.packed.TableLayout;
import io.shiftadd.kernel.packed.TablePass;
import java.util.Arrays;

/**
 * Finds the bound of a chunk, and from it step and entries, on vectors. Column-wise the activations are shifted first;
 * where blocks of columns share their scale, magnitudes and sums are. Groupings that no method makes, and chunks so
 * small that α divided by the step could overflow, go to the plain loops.
 */
final class VectorTables implements TableBuilder {

    /** Above this, α / step could overflow. */
    private static final float LARGEST_INVERSE = 0x1p60f;

    private final TableBounds bounds;
    private final TableEntries entries;
    private final ScalarTables scalar = new ScalarTables();

    VectorTables(TableBounds bounds, TableEntries entries) {
        this.bounds = bounds;
        this.entries = entries;
    }

    @Override
    public void prepare(TableInput input, int tokens) {
        float[] magnitudes = input.magnitudes(tokens);
        for (int token = 0; token < tokens; token++) {
            int to = token * input.groups();
            bounds.magnitudes(input.x(), input.offset(token), input.inputs(), input.groups(), magnitudes, to);
        }
        // Of several tokens the sums would not stay in the second-level cache.
        boolean sums = tokens == 1 && input.inputs() == input.columns();
        if (sums) {
            entries.addEight(input.x(), input.offset(0), input.columns(), input.roomForSums());
        }
        input.prepared(sums);
    }

    @Override
    public void build(TableInput input, int token, int chunk, TablePass pass, Scratch scratch) {
        int columnsPerGroup = pass.scales().columnsPerGroup();
        if (columnsPerGroup == 1) {
            shiftActivations(input, token, chunk, pass, scratch);
        } else if (columnsPerGroup % BLOCK != 0 || !shiftTables(input, token, chunk, pass, scratch)) {
            scalar.build(input, token, chunk, pass, scratch);
        }
    }

    private void shiftActivations(TableInput input, int token, int chunk, TablePass pass, Scratch scratch) {
        TableLayout layout = pass.layout();
        int columns = layout.tiles(chunk) * TILE_COLUMNS;
        int first = layout.firstColumn(chunk);
        int count = Math.min(columns, input.inputs() - first);
        int from = input.offset(token) + first;
        float[] u = scratch.floats(Slot.SHIFTED_INPUT, columns);
        Arrays.fill(u, count, columns, 0);
        for (int plane = 0; plane < layout.bits(); plane++) {
            entries.shift(input.x(), from, pass.scales().alphas(), pass.alphaOffset(plane) + first, count, u);
            float bound = bounds.largestPair(u, columns);
            pass.steps()[pass.step(token, plane, chunk)] = TableBuilder.step(bound);
            entries.write(u, columns, TableBuilder.inverse(bound), pass.tables(), pass.table(token, plane, chunk));
        }
    }

    /** False if a factor could overflow; what was written is then to be overwritten. */
    private boolean shiftTables(TableInput input, int token, int chunk, TablePass pass, Scratch scratch) {
        TableLayout layout = pass.layout();
        PackedScales scales = pass.scales();
        int columns = layout.tiles(chunk) * TILE_COLUMNS;
        int first = layout.firstColumn(chunk);
        int count = Math.min(columns, input.inputs() - first);
        int from = input.offset(token) + first;
        int groups = columns / GROUP_COLUMNS;
        float[] magnitudes = input.magnitudes();
        int magnitudeOffset = token * input.groups() + first / GROUP_COLUMNS;
        if (!input.isPrepared()) {
            magnitudes = scratch.floats(Slot.MAGNITUDES, groups + SLACK);
            magnitudeOffset = 0;
            bounds.magnitudes(input.x(), from, count, groups, magnitudes, 0);
        }
        int blocks = columns / BLOCK;
        // Vectors of α and of factors are loaded and stored whole, so the last ones reach beyond them.
        float[] factors = scratch.floats(Slot.FACTORS, layout.bits() * blocks + SLACK);
        boolean one = scales.columnsPerGroup() == BLOCK;
        float[] alphas = one ? scales.alphas() : scratch.floats(Slot.ALPHAS, blocks + SLACK);
        for (int plane = 0; plane < layout.bits(); plane++) {
            int alphaOffset = one ? pass.alphaOffset(plane) + first / BLOCK : 0;
            if (!one) {
                blockScales(scales, plane, pass.rowGroup(), first / BLOCK, blocks, alphas);
            }
            float bound = bounds.largestProduct(magnitudes, magnitudeOffset, groups, alphas, alphaOffset);
            pass.steps()[pass.step(token, plane, chunk)] = TableBuilder.step(bound);
            float inverse = TableBuilder.inverse(bound);
            if (inverse > LARGEST_INVERSE) {
                return false;
            }
            entries.scale(alphas, alphaOffset, blocks, inverse, factors, plane * blocks);
        }
        int table = pass.table(token, 0, chunk);
        if (input.hasSums()) {
            entries.writeSums(input.sums(), first * SUMS_OF_COLUMN, factors, columns, layout, pass.tables(), table);
            return true;
        }
        float[] u = input.x();
        if (count < columns) {
            u = scratch.floats(Slot.SHIFTED_INPUT, columns);
            System.arraycopy(input.x(), from, u, 0, count);
            Arrays.fill(u, count, columns, 0);
            from = 0;
        }
        entries.writeScaled(u, from, factors, layout.bits(), columns, layout, pass.tables(), table);
        return true;
    }

    /** α of blocks of 8 columns, where more of them share it; padding columns have none, there it is the last one. */
    private static void blockScales(
            PackedScales scales, int plane, int rowGroup, int first, int blocks, float[] alphas) {
        for (int g = 0; g < blocks; g++) {
            int columnGroup = (first + g) * BLOCK / scales.columnsPerGroup();
            alphas[g] = scales.value(plane, rowGroup, Math.min(columnGroup, scales.columnGroups() - 1));
        }
    }
}

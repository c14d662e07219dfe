package io.shiftadd.kernel.tables;

import static io.shiftadd.kernel.packed.TableLayout.BIAS;
import static io.shiftadd.kernel.packed.TableLayout.ENTRIES;
import static io.shiftadd.kernel.packed.TableLayout.GROUP_COLUMNS;

import io.shiftadd.kernel.packed.PackedScales;
import io.shiftadd.kernel.packed.PlaneLayout;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.packed.Scratch.Slot;
import io.shiftadd.kernel.packed.TableLayout;
import io.shiftadd.kernel.packed.TablePass;

/** Plain loops: the specification that the vector implementation is tested against. */
final class ScalarTables implements TableBuilder {

    @Override
    public void prepare(TableInput input, int tokens) {
        float[] magnitudes = input.magnitudes(tokens);
        for (int token = 0; token < tokens; token++) {
            int to = token * input.groups();
            magnitudes(input.x(), input.offset(token), input.inputs(), input.groups(), magnitudes, to);
        }
        input.prepared(false);
    }

    /** No entry of a group is larger: magnitudes are added in the same order. Columns beyond {@code count} are zero. */
    static void magnitudes(float[] x, int xOffset, int count, int groups, float[] magnitudes, int offset) {
        for (int g = 0; g < groups; g++) {
            int k = g * GROUP_COLUMNS;
            magnitudes[offset + g] = (magnitude(x, xOffset, k, count) + magnitude(x, xOffset, k + 1, count))
                    + (magnitude(x, xOffset, k + 2, count) + magnitude(x, xOffset, k + 3, count));
        }
    }

    private static float magnitude(float[] x, int xOffset, int k, int count) {
        return k < count ? Math.abs(x[xOffset + k]) : 0;
    }

    @Override
    public void build(TableInput input, int token, int chunk, TablePass pass, Scratch scratch) {
        PackedScales scales = pass.scales();
        TableLayout layout = pass.layout();
        int rowGroup = pass.rowGroup();
        float[] x = input.x();
        int xOffset = input.offset(token);
        int inputs = input.inputs();
        int first = layout.firstColumn(chunk);
        int columns = layout.tiles(chunk) * PlaneLayout.TILE_COLUMNS;
        float[] u = scratch.floats(Slot.SHIFTED_INPUT, columns);
        for (int plane = 0; plane < layout.bits(); plane++) {
            boolean shiftTables = TableBuilder.shiftsTables(scales);
            for (int k = 0; k < columns; k++) {
                float value = first + k < inputs ? x[xOffset + first + k] : 0;
                u[k] = shiftTables || first + k >= inputs ? value : value * alpha(scales, plane, rowGroup, first + k);
            }
            float[] bounds = scratch.floats(Slot.MAGNITUDES, columns / GROUP_COLUMNS);
            magnitudes(u, 0, columns, columns / GROUP_COLUMNS, bounds, 0);
            for (int g = 0; shiftTables && g < columns / GROUP_COLUMNS; g++) {
                bounds[g] *= Math.abs(alpha(scales, plane, rowGroup, first + g * GROUP_COLUMNS));
            }
            float bound = largestPair(bounds, columns / GROUP_COLUMNS);
            float inverse = TableBuilder.inverse(bound);
            pass.steps()[pass.step(token, plane, chunk)] = TableBuilder.step(bound);
            for (int g = 0; g < columns / GROUP_COLUMNS; g++) {
                float alpha = shiftTables ? alpha(scales, plane, rowGroup, first + g * GROUP_COLUMNS) : 1;
                float factor = Math.clamp(alpha * inverse, -LARGEST_FACTOR, LARGEST_FACTOR);
                int at = pass.table(token, plane, chunk) + g * ENTRIES;
                writeTable(u, g * GROUP_COLUMNS, factor, pass.tables(), at);
            }
        }
    }

    /** Of groups whose entries a byte of codes selects together. */
    private static float largestPair(float[] bounds, int groups) {
        float largest = 0;
        for (int g = 0; g < groups; g += 2) {
            largest = Math.max(largest, bounds[g] + bounds[g + 1]);
        }
        return largest;
    }

    private static void writeTable(float[] u, int group, float factor, byte[] tables, int at) {
        float round = ROUND_TO_INTEGER + BIAS;
        for (int i = 0; i < ENTRIES; i++) {
            int rounded = Float.floatToRawIntBits(Math.fma(entry(u, group, i), factor, round));
            tables[at + i] = (byte) rounded;
        }
    }

    private static float alpha(PackedScales scales, int plane, int rowGroup, int column) {
        // Padding columns have no scale; their activations are zero.
        int columnGroup = Math.min(column / scales.columnsPerGroup(), scales.columnGroups() - 1);
        return scales.value(plane, rowGroup, columnGroup);
    }

    private static float entry(float[] u, int at, int index) {
        float low = signed(u[at], index & 1) + signed(u[at + 1], index & 2);
        float high = signed(u[at + 2], index & 4) + signed(u[at + 3], index & 8);
        return low + high;
    }

    private static float signed(float value, int plus) {
        return plus != 0 ? value : -value;
    }
}

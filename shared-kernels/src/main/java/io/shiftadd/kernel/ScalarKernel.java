package io.shiftadd.kernel;

import static io.shiftadd.kernel.TableLayout.ENTRIES;
import static io.shiftadd.kernel.TableLayout.GROUP_COLUMNS;
import static io.shiftadd.kernel.TableLayout.TILE_GROUPS;
import static io.shiftadd.kernel.TableLayout.TILE_TABLE_BYTES;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

/** Plain loops: the specification that the vector kernels are tested against. */
final class ScalarKernel implements Kernel {

    /** Added to a float below 2^22 in magnitude, leaves its nearest integer (ties to even) in the low bits. */
    static final float ROUND_TO_INTEGER = 0x1.8p23f;

    @Override
    public void rotate(HadamardRotation rotation, float[] vector, int offset) {
        flipSigns(rotation, vector, offset);
        transform(rotation, vector, offset);
    }

    @Override
    public void rotateBack(HadamardRotation rotation, float[] vector, int offset) {
        // Sylvester's matrices are symmetric.
        transform(rotation, vector, offset);
        flipSigns(rotation, vector, offset);
    }

    private static void flipSigns(HadamardRotation rotation, float[] vector, int offset) {
        for (int k = 0; k < rotation.width(); k++) {
            vector[offset + k] *= rotation.sign(k);
        }
    }

    private static void transform(HadamardRotation rotation, float[] vector, int offset) {
        int size = rotation.blockSize();
        for (int half = 1; half < size; half *= 2) {
            for (int i = offset; i < offset + rotation.width(); i += 2 * half) {
                for (int j = i; j < i + half; j++) {
                    float a = vector[j];
                    float b = vector[j + half];
                    vector[j] = a + b;
                    vector[j + half] = a - b;
                }
            }
        }
    }

    @Override
    public void shift(
            float[] x, int xOffset, PackedScales scales, int plane, int rowGroup, int first, int count, float[] u) {
        for (int k = 0; k < count; k++) {
            int columnGroup = (first + k) / scales.columnsPerGroup();
            float value = x[xOffset + first + k];
            float sum = value * scales.term(plane, rowGroup, 0, columnGroup);
            for (int t = 1; t < scales.terms(); t++) {
                sum += value * scales.term(plane, rowGroup, t, columnGroup);
            }
            u[k] = sum;
        }
    }

    @Override
    public void buildTables(
            float[] u,
            int tiles,
            TablePrecision precision,
            byte[] tables,
            int tableOffset,
            int highOffset,
            float[] steps,
            int stepIndex) {
        int groups = tiles * TILE_GROUPS;
        float bound = 0;
        for (int g = 0; g < groups; g++) {
            bound = Math.max(bound, bound(u, g * GROUP_COLUMNS));
        }
        float step = step(bound, precision);
        float inverse = inverse(bound, precision);
        steps[stepIndex] = step;
        for (int g = 0; g < groups; g++) {
            for (int i = 0; i < ENTRIES; i++) {
                float scaled = entry(u, g * GROUP_COLUMNS, i) * inverse;
                int rounded = Float.floatToRawIntBits(scaled + (ROUND_TO_INTEGER + precision.bias()));
                int at = tableOffset + g * ENTRIES + i;
                tables[at] = (byte) rounded;
                if (precision == TablePrecision.INT16) {
                    tables[at + highOffset] = (byte) (rounded >> Byte.SIZE);
                }
            }
        }
    }

    /** No entry of the group is larger: its magnitudes are added in the same order as the entry's values. */
    static float bound(float[] u, int at) {
        return (Math.abs(u[at]) + Math.abs(u[at + 1])) + (Math.abs(u[at + 2]) + Math.abs(u[at + 3]));
    }

    static float entry(float[] u, int at, int index) {
        float low = signed(u[at], index & 1) + signed(u[at + 1], index & 2);
        float high = signed(u[at + 2], index & 4) + signed(u[at + 3], index & 8);
        return low + high;
    }

    private static float signed(float value, int plus) {
        return plus != 0 ? value : -value;
    }

    static float step(float bound, TablePrecision precision) {
        if (!(bound <= Float.MAX_VALUE)) {
            return Float.NaN;
        }
        return bound < SMALLEST_BOUND ? 0 : bound / precision.levels();
    }

    static float inverse(float bound, TablePrecision precision) {
        return bound >= SMALLEST_BOUND && bound <= Float.MAX_VALUE ? precision.levels() / bound : 0;
    }

    @Override
    public void lookUp(
            PackedPlanes planes,
            int firstTile,
            int tiles,
            TableLayout layout,
            byte[] tables,
            int tableOffset,
            float[] steps,
            int stepOffset,
            int tokens,
            float[] y,
            int yOffset,
            int yStride) {
        PlaneLayout shape = planes.layout();
        int end = Math.min((firstTile + tiles) * PlaneLayout.TILE_ROWS, shape.outputs());
        for (int n = firstTile * PlaneLayout.TILE_ROWS; n < end; n++) {
            for (int t = 0; t < tokens; t++) {
                float sum = 0;
                for (int plane = 0; plane < shape.bits(); plane++) {
                    for (int chunk = 0; chunk < layout.chunks(); chunk++) {
                        int entries =
                                chunkSum(planes, n, plane, chunk, layout, tables, tableOffset + t * layout.bytes());
                        sum += steps[stepOffset + t * layout.steps() + plane * layout.chunks() + chunk] * entries;
                    }
                }
                y[yOffset + t * yStride + n] = sum;
            }
        }
    }

    /** The sum of one row's entries in one chunk of one plane, its bias taken off. */
    static int chunkSum(
            PackedPlanes planes, int n, int plane, int chunk, TableLayout layout, byte[] tables, int tokenOffset) {
        int firstTile = chunk * TableLayout.CHUNK_TILES;
        int sum = 0;
        for (int tile = firstTile; tile < firstTile + layout.tiles(chunk); tile++) {
            int tableOffset = tokenOffset + plane * layout.planeBytes() + tile * TILE_TABLE_BYTES;
            for (int j = 0; j < TILE_GROUPS / 2; j++) {
                int column = tile * PlaneLayout.TILE_COLUMNS + j * GROUP_COLUMNS;
                int codes = planes.data().get(JAVA_BYTE, planes.layout().byteOffset(n, column, plane));
                int low = tableOffset + j * ENTRIES + (codes & 0xF);
                int high = tableOffset + (TILE_GROUPS / 2 + j) * ENTRIES + (codes >> 4 & 0xF);
                sum += entryAt(tables, low, layout) + entryAt(tables, high, layout);
            }
        }
        return sum - layout.tiles(chunk) * TILE_GROUPS * layout.precision().bias();
    }

    private static int entryAt(byte[] tables, int at, TableLayout layout) {
        int low = tables[at] & 0xFF;
        return layout.precision() == TablePrecision.INT8
                ? low
                : low | (tables[at + layout.byteTableStride()] & 0xFF) << Byte.SIZE;
    }
}

package io.shiftadd.kernel.packed;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.kernel.rotation.HadamardRotation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Between logical codings and the packed layout. */
public final class Packing {

    /** So that no vector of codes crosses a cache line. */
    static final int ALIGNMENT = 64;

    private Packing() {}

    /** Off the heap, so that the kernel reads planes in memory and in a mapped file alike. */
    public static PackedPlanes planes(PlaneLayout layout, byte[] codes) {
        int outputs = layout.outputs();
        int inputs = layout.inputs();
        int bits = layout.bits();
        MemorySegment data = Arena.ofAuto().allocate(layout.bytes(), ALIGNMENT);
        for (int n = 0; n < outputs; n++) {
            for (int k = 0; k < inputs; k++) {
                int code = codes[n * inputs + k];
                for (int bit = 0; bit < bits; bit++) {
                    if ((code >> bit & 1) != 0) {
                        long at = layout.byteOffset(n, k, bit);
                        data.set(JAVA_BYTE, at, (byte) (data.get(JAVA_BYTE, at) | 1 << PlaneLayout.bitOffset(k)));
                    }
                }
            }
        }
        return new PackedPlanes(layout, data);
    }

    public static PackedScales scales(BinaryCoding coding) {
        ApotScales source = coding.scales();
        int groups = source.columnGroups();
        int terms = source.terms();
        MemorySegment data =
                Arena.ofAuto().allocate((long) source.bits() * source.rowGroups() * groups * terms, ALIGNMENT);
        for (int row = 0; row < source.bits() * source.rowGroups(); row++) {
            for (int columnGroup = 0; columnGroup < groups; columnGroup++) {
                for (int t = 0; t < terms; t++) {
                    long to = ((long) row * terms + t) * groups + columnGroup;
                    data.set(JAVA_BYTE, to, source.encoded()[(row * groups + columnGroup) * terms + t]);
                }
            }
        }
        return new PackedScales(
                source.bits(),
                source.rowGroups(),
                terms,
                groups,
                coding.groups().rowsPerGroup(),
                coding.groups().columnsPerGroup(),
                data);
    }

    public static BinaryCoding unpack(PackedPlanes planes, PackedScales scales) {
        PlaneLayout layout = planes.layout();
        ApotScales apot = new ApotScales(
                scales.bits(),
                scales.rowGroups(),
                scales.columnGroups(),
                scales.terms(),
                new byte[(int) scales.data().byteSize()]);
        for (int bit = 0; bit < scales.bits(); bit++) {
            for (int rowGroup = 0; rowGroup < scales.rowGroups(); rowGroup++) {
                for (int columnGroup = 0; columnGroup < scales.columnGroups(); columnGroup++) {
                    int to = apot.offset(bit, rowGroup, columnGroup);
                    for (int t = 0; t < scales.terms(); t++) {
                        long from = scales.offset(bit, rowGroup, t) + columnGroup;
                        apot.encoded()[to + t] = scales.data().get(JAVA_BYTE, from);
                    }
                }
            }
        }
        return new BinaryCoding(
                layout.outputs(),
                layout.inputs(),
                layout.bits(),
                new GroupShape(scales.rowsPerGroup(), scales.columnsPerGroup()),
                apot,
                codes(planes));
    }

    public static byte[] codes(PackedPlanes planes) {
        PlaneLayout layout = planes.layout();
        byte[] codes = new byte[Math.multiplyExact(layout.outputs(), layout.inputs())];
        for (int n = 0; n < layout.outputs(); n++) {
            for (int k = 0; k < layout.inputs(); k++) {
                int code = 0;
                for (int bit = 0; bit < layout.bits(); bit++) {
                    int tile = planes.data().get(JAVA_BYTE, layout.byteOffset(n, k, bit));
                    code |= (tile >> PlaneLayout.bitOffset(k) & 1) << bit;
                }
                codes[n * layout.inputs() + k] = (byte) code;
            }
        }
        return codes;
    }

    /** {@code W = D_out·H_outᵀ·W'·H_in·D_in}, row-major. */
    public static float[] dense(
            BinaryCoding coding, @Nullable HadamardRotation input, @Nullable HadamardRotation output) {
        float[] dense = coding.toDense();
        if (input != null) {
            // A row w' of W' becomes w'ᵀ·H·D, which is D·Hᵀ·w' as a column.
            for (int n = 0; n < coding.outputs(); n++) {
                input.applyTransposed(dense, n * coding.inputs());
            }
        }
        if (output != null) {
            float[] column = new float[coding.outputs()];
            for (int k = 0; k < coding.inputs(); k++) {
                for (int n = 0; n < column.length; n++) {
                    column[n] = dense[n * coding.inputs() + k];
                }
                output.applyTransposed(column, 0);
                for (int n = 0; n < column.length; n++) {
                    dense[n * coding.inputs() + k] = column[n];
                }
            }
        }
        return dense;
    }
}

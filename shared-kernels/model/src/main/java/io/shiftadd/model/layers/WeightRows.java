package io.shiftadd.model.layers;

import io.shiftadd.format.DType;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Rows of a weight matrix where they lie, expanded to float a few at a time; exact for every type but F64. */
public final class WeightRows {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Apart, because a process that only looks at a model need not have the module of vectors. */
    private static final class Lanes {
        private static final VectorSpecies<Integer> INTS =
                VectorSpecies.of(int.class, VectorMath.SPECIES.vectorShape());
        private static final VectorSpecies<Short> SHORTS =
                VectorSpecies.of(short.class, VectorShape.forBitSize(VectorMath.SPECIES.vectorBitSize() / 2));
    }

    private final MatrixRows matrix;

    /** The matrix as it lies in the file; null where rows must be read one by one. */
    private final @Nullable TensorView tensor;

    private final int rows;
    private final int columns;

    /** @param matrix of two dimensions, checked by the caller */
    public WeightRows(MatrixRows matrix) {
        this.matrix = matrix;
        this.tensor = matrix.inPlace().orElse(null);
        this.rows = Math.toIntExact(matrix.shape()[0]);
        this.columns = Math.toIntExact(matrix.shape()[1]);
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    long bytes() {
        return matrix.bytes();
    }

    /** Rows {@code from .. from+count} into {@code target} from {@code offset} on, without gaps. */
    void expand(int from, int count, float[] target, int offset) {
        if (tensor == null) {
            matrix.copyRows(from, count, target, offset);
            return;
        }
        long first = (long) from * columns;
        int elements = count * columns;
        MemorySegment data = tensor.data();
        switch (tensor.dtype()) {
            case F32 -> MemorySegment.copy(data, FLOAT, first * Float.BYTES, target, offset, elements);
            case F16 -> expandHalf(data, first * Short.BYTES, target, offset, elements);
            case BF16 -> expandBrain(data, first * Short.BYTES, target, offset, elements);
            default -> tensor.copyFloats(first, target, offset, elements);
        }
    }

    /** A plain loop, because the compiler turns it into the conversion instruction, which the Vector API cannot. */
    private static void expandHalf(MemorySegment data, long at, float[] target, int offset, int count) {
        for (int i = 0; i < count; i++) {
            target[offset + i] = Float.float16ToFloat(data.get(SHORT, at + 2L * i));
        }
    }

    /** By hand, because the compiler does not vectorize the plain loop. */
    private static void expandBrain(MemorySegment data, long at, float[] target, int offset, int count) {
        int i = 0;
        for (; i <= count - VectorMath.LANES; i += VectorMath.LANES) {
            ShortVector bits = ShortVector.fromMemorySegment(Lanes.SHORTS, data, at + 2L * i, ByteOrder.LITTLE_ENDIAN);
            IntVector wide = (IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, Lanes.INTS, 0);
            wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(target, offset + i);
        }
        for (; i < count; i++) {
            target[offset + i] = Float.intBitsToFloat(data.get(SHORT, at + 2L * i) << 16);
        }
    }

    /** The whole matrix. */
    public float[] toFloatArray() {
        float[] all = new float[Math.multiplyExact(rows, columns)];
        expand(0, rows, all, 0);
        return all;
    }

    static boolean isFloatingPoint(DType dtype) {
        return dtype == DType.F32 || dtype == DType.F16 || dtype == DType.BF16 || dtype == DType.F64;
    }
}

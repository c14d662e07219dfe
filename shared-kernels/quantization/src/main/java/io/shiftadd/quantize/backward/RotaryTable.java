package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.HeadView;
import io.shiftadd.model.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rotation of queries and keys: elements i and {@code i + half} of a head's vector turn together by the angle of the
 * token's position. The gradient turns back.
 *
 * @param half pairs of a head that turn; the rest of its vector stays
 * @param cosines {@code [length, half]}, with whatever the vectors are multiplied by besides
 * @param sines {@code [length, half]}, likewise
 */
public record RotaryTable(int half, float[] cosines, float[] sines) {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    void rotate(float[] x, HeadView view, int heads, int sequences, int length, boolean back, KernelContext context) {
        context.parallelFor(sequences * length, (t, _) -> {
            int angles = t % length * half;
            for (int h = 0; h < heads; h++) {
                int at = view.at(t, h);
                turn(x, at, angles, back);
            }
        });
    }

    private void turn(float[] x, int at, int angles, boolean back) {
        for (int i = 0; i < half; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, half);
            FloatVector c = FloatVector.fromArray(SPECIES, cosines, angles + i, mask);
            FloatVector s = FloatVector.fromArray(SPECIES, sines, angles + i, mask);
            FloatVector a = FloatVector.fromArray(SPECIES, x, at + i, mask);
            FloatVector b = FloatVector.fromArray(SPECIES, x, at + half + i, mask);
            FloatVector across = b.mul(s);
            FloatVector along = a.mul(s);
            a = a.mul(c);
            b = b.mul(c);
            (back ? a.add(across) : a.sub(across)).intoArray(x, at + i, mask);
            (back ? b.sub(along) : b.add(along)).intoArray(x, at + half + i, mask);
        }
    }
}

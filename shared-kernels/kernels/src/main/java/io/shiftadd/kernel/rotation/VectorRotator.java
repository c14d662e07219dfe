package io.shiftadd.kernel.rotation;

import io.shiftadd.kernel.species.VectorLength;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Walsh–Hadamard transform on vectors: pairs at least a vector apart are added and subtracted as vectors, pairs within
 * a vector by a permutation. Blocks shorter than a vector go to the plain loops.
 */
final class VectorRotator implements Rotator {

    private static final VectorSpecies<Float> F = VectorLength.species(MethodHandles.lookup(), float.class);
    private static final int LANES = F.length();

    private final ScalarRotator scalar = new ScalarRotator();

    @Override
    public void rotate(HadamardRotation rotation, float[] vector, int offset) {
        if (rotation.blockSize() < LANES) {
            scalar.rotate(rotation, vector, offset);
            return;
        }
        flipSigns(rotation.signBits(), vector, offset, rotation.width());
        transform(vector, offset, rotation.width(), rotation.blockSize());
    }

    @Override
    public void rotateBack(HadamardRotation rotation, float[] vector, int offset) {
        if (rotation.blockSize() < LANES) {
            scalar.rotateBack(rotation, vector, offset);
            return;
        }
        transform(vector, offset, rotation.width(), rotation.blockSize());
        flipSigns(rotation.signBits(), vector, offset, rotation.width());
    }

    private static void flipSigns(byte[] signBits, float[] vector, int offset, int width) {
        for (int k = 0; k < width; k += LANES) {
            int bits = signBits[k >> 3] & 0xFF;
            if (LANES == 16) {
                bits |= (signBits[(k >> 3) + 1] & 0xFF) << Byte.SIZE;
            }
            VectorMask<Float> negative = VectorMask.fromLong(F, bits >> (k & 7));
            FloatVector v = FloatVector.fromArray(F, vector, offset + k);
            v.lanewise(VectorOperators.NEG, negative).intoArray(vector, offset + k);
        }
    }

    private static void transform(float[] vector, int offset, int width, int blockSize) {
        withinVectors(vector, offset, width);
        int half = LANES;
        for (; half * 4 <= blockSize; half *= 4) {
            twoLevels(vector, offset, width, half);
        }
        if (half < blockSize) {
            oneLevel(vector, offset, width, half);
        }
    }

    private static void withinVectors(float[] vector, int offset, int width) {
        for (int k = offset; k < offset + width; k += LANES) {
            FloatVector v = FloatVector.fromArray(F, vector, k);
            v = v.rearrange(PARTNER_1).add(v.mul(SIGN_1));
            v = v.rearrange(PARTNER_2).add(v.mul(SIGN_2));
            if (LANES > 4) {
                v = v.rearrange(PARTNER_4).add(v.mul(SIGN_4));
            }
            if (LANES > 8) {
                v = v.rearrange(PARTNER_8).add(v.mul(SIGN_8));
            }
            v.intoArray(vector, k);
        }
    }

    private static void oneLevel(float[] vector, int offset, int width, int half) {
        for (int i = offset; i < offset + width; i += 2 * half) {
            for (int j = i; j < i + half; j += LANES) {
                FloatVector a = FloatVector.fromArray(F, vector, j);
                FloatVector b = FloatVector.fromArray(F, vector, j + half);
                a.add(b).intoArray(vector, j);
                a.sub(b).intoArray(vector, j + half);
            }
        }
    }

    /** Levels {@code half} and {@code 2·half} in one pass over memory. */
    private static void twoLevels(float[] vector, int offset, int width, int half) {
        for (int i = offset; i < offset + width; i += 4 * half) {
            for (int j = i; j < i + half; j += LANES) {
                FloatVector a = FloatVector.fromArray(F, vector, j);
                FloatVector b = FloatVector.fromArray(F, vector, j + half);
                FloatVector c = FloatVector.fromArray(F, vector, j + 2 * half);
                FloatVector d = FloatVector.fromArray(F, vector, j + 3 * half);
                FloatVector sumLow = a.add(b);
                FloatVector differenceLow = a.sub(b);
                FloatVector sumHigh = c.add(d);
                FloatVector differenceHigh = c.sub(d);
                sumLow.add(sumHigh).intoArray(vector, j);
                differenceLow.add(differenceHigh).intoArray(vector, j + half);
                sumLow.sub(sumHigh).intoArray(vector, j + 2 * half);
                differenceLow.sub(differenceHigh).intoArray(vector, j + 3 * half);
            }
        }
    }

    // A lane's partner within a vector, and +1 for the lower of the two, −1 for the upper.
    private static final VectorShuffle<Float> PARTNER_1 = partner(1);
    private static final VectorShuffle<Float> PARTNER_2 = partner(2);
    private static final VectorShuffle<Float> PARTNER_4 = partner(4);
    private static final VectorShuffle<Float> PARTNER_8 = partner(8);
    private static final FloatVector SIGN_1 = sign(1);
    private static final FloatVector SIGN_2 = sign(2);
    private static final FloatVector SIGN_4 = sign(4);
    private static final FloatVector SIGN_8 = sign(8);

    private static VectorShuffle<Float> partner(int half) {
        return VectorShuffle.fromOp(F, lane -> (lane ^ half) & (LANES - 1));
    }

    private static FloatVector sign(int half) {
        float[] signs = new float[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            signs[lane] = (lane & half) == 0 ? 1 : -1;
        }
        return FloatVector.fromArray(F, signs, 0);
    }
}

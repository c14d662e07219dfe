package io.shiftadd.kernel.rotation;

/** Plain loops: the specification that the vector implementation is tested against. */
final class ScalarRotator implements Rotator {

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
        for (int half = 1; half < rotation.blockSize(); half *= 2) {
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
}

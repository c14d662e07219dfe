package io.shiftadd.kernel.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.kernel.TestLayers;
import io.shiftadd.kernel.species.KernelSpecies;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HadamardRotationTest {

    static IntStream widths() {
        return IntStream.concat(IntStream.rangeClosed(1, 70), IntStream.of(96, 172, 207, 384, 512, 1000, 4098));
    }

    @ParameterizedTest
    @MethodSource("widths")
    void undoesItselfUpToTheBlock(int width) {
        HadamardRotation rotation = HadamardRotation.random(width, width);
        float[] x = TestLayers.activations(width, width);
        float[] v = x.clone();
        rotation.apply(v, 0);
        rotation.applyTransposed(v, 0);
        for (int k = 0; k < width; k++) {
            assertThat(v[k] / rotation.blockSize()).isCloseTo(x[k], within(1e-4f));
        }
    }

    @ParameterizedTest
    @MethodSource("widths")
    void keepsTheLengthUpToTheBlock(int width) {
        HadamardRotation rotation = HadamardRotation.random(width, width);
        float[] x = TestLayers.activations(width, width);
        double before = squaredLength(x);
        rotation.apply(x, 0);
        assertThat(squaredLength(x) / rotation.blockSize()).isCloseTo(before, within(1e-4 * before));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "2, 3", "4, 1", "8, 3", "16, 2", "32, 1", "64, 3", "128, 2"})
    void isTheMatrixThatItSays(int block, int blocks) {
        int width = block * blocks;
        HadamardRotation rotation = HadamardRotation.random(width, block, 9);
        float[] x = TestLayers.activations(width, 10);
        float[] v = x.clone();
        rotation.apply(v, 0);
        for (int i = 0; i < width; i++) {
            double expected = 0;
            for (int k = i / block * block; k < i / block * block + block; k++) {
                int sign = Integer.bitCount(i % block & k % block) % 2 == 0 ? 1 : -1;
                expected += sign * (double) rotation.sign(k) * x[k];
            }
            assertThat((double) v[i]).isCloseTo(expected, within(1e-4));
        }
    }

    @ParameterizedTest
    @EnumSource(KernelSpecies.class)
    void givesTheBitsOfTheReference(KernelSpecies species) {
        Rotator reference = Rotators.of(KernelSpecies.SCALAR);
        Rotator rotator = Rotators.of(species);
        SplittableRandom random = new SplittableRandom(3);
        for (int width : new int[] {1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 172, 207, 384, 1024, 1536, 2048, 4098, 5632}) {
            for (int block = 1; block <= HadamardRotation.largestBlock(width); block *= 2) {
                HadamardRotation rotation = HadamardRotation.random(width, block, random.nextLong());
                float[] expected = TestLayers.activations(width + 3, random.nextLong());
                float[] actual = expected.clone();
                reference.rotate(rotation, expected, 3);
                rotator.rotate(rotation, actual, 3);
                assertThat(actual).as("H·D, %d in blocks of %d", width, block).isEqualTo(expected);
                reference.rotateBack(rotation, expected, 3);
                rotator.rotateBack(rotation, actual, 3);
                assertThat(actual).as("D·Hᵀ, %d in blocks of %d", width, block).isEqualTo(expected);
            }
        }
    }

    @Test
    void sameSeedSameSigns() {
        assertThat(HadamardRotation.random(384, 5)).isEqualTo(HadamardRotation.random(384, 5));
        assertThat(HadamardRotation.random(384, 5)).isNotEqualTo(HadamardRotation.random(384, 6));
        assertThat(HadamardRotation.random(384, 5).blockSize()).isEqualTo(128);
    }

    @Test
    void refusesABlockThatDoesNotDivide() {
        assertThatThrownBy(() -> new HadamardRotation(384, 256, new byte[48]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 128");
    }

    private static double squaredLength(float[] v) {
        double sum = 0;
        for (float value : v) {
            sum += (double) value * value;
        }
        return sum;
    }
}

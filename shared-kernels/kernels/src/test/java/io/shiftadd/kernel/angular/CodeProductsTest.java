package io.shiftadd.kernel.angular;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.kernel.species.KernelSpecies;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every length of vector gives the bits of the plain loops, and these what the formula says. */
class CodeProductsTest {

    private static final int[] TOKENS = {0, 1, 2, 3, 4, 7, 13, 65, 207};
    private static final int[] BITS = {1, 3, 15, 16, 17, 32, 48, 63, 64};
    private static final int[] WIDTHS = {1, 7, 16, 32, 33, 64};

    static Stream<KernelSpecies> species() {
        KernelSpecies active = KernelSpecies.active();
        return Arrays.stream(KernelSpecies.values()).filter(one -> one.vectorBits() <= active.vectorBits());
    }

    @ParameterizedTest
    @MethodSource("species")
    void givesTheBitsOfThePlainLoops(KernelSpecies species) {
        Random random = new Random(3);
        CodeProducts plain = new ScalarCodeProducts();
        CodeProducts products = CodeProducts.of(species);
        for (int tokens : TOKENS) {
            for (int bits : BITS) {
                int width = WIDTHS[random.nextInt(WIDTHS.length)];
                int stride = width + random.nextInt(3);
                long[] codes = random.longs(tokens + 2).toArray();
                float[] values = floats(random, 5 + (tokens + 1) * stride);
                float[] expected = floats(random, 3 + bits * width);
                float[] sums = expected.clone();
                plain.sumByCode(codes, 2, tokens, bits, values, 5, stride, width, expected, 3);
                products.sumByCode(codes, 2, tokens, bits, values, 5, stride, width, sums, 3);
                assertThat(sums)
                        .as("%d tokens, %d bits, width %d", tokens, bits, width)
                        .isEqualTo(expected);

                float[] result = floats(random, 4 + (tokens + 1) * stride);
                float[] expectedResult = result.clone();
                plain.addByCode(codes, 1, tokens, bits, sums, 3, width, expectedResult, 4, stride);
                products.addByCode(codes, 1, tokens, bits, sums, 3, width, result, 4, stride);
                assertThat(result)
                        .as("%d tokens, %d bits, width %d", tokens, bits, width)
                        .isEqualTo(expectedResult);
            }
        }
    }

    /** Small whole numbers, so that no sum is rounded. */
    @ParameterizedTest
    @MethodSource("species")
    void isTheProductOfMatrices(KernelSpecies species) {
        Random random = new Random(4);
        CodeProducts products = CodeProducts.of(species);
        for (int bits : List.of(16, 20)) {
            int tokens = 37;
            int width = 24;
            long[] codes = random.longs(tokens).toArray();
            float[] values = new float[tokens * width];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(-50, 50);
            }
            float[] sums = new float[bits * width];
            float[] result = new float[tokens * width];
            products.sumByCode(codes, 0, tokens, bits, values, 0, width, width, sums, 0);
            products.addByCode(codes, 0, tokens, bits, sums, 0, width, result, 0, width);
            for (int b = 0; b < bits; b++) {
                for (int i = 0; i < width; i++) {
                    long sum = 0;
                    for (int t = 0; t < tokens; t++) {
                        sum += (codes[t] >>> b & 1) * (long) values[t * width + i];
                    }
                    assertThat(sums[b * width + i]).isEqualTo(sum);
                }
            }
            for (int t = 0; t < tokens; t++) {
                for (int i = 0; i < width; i++) {
                    long sum = 0;
                    for (int b = 0; b < bits; b++) {
                        sum += (codes[t] >>> b & 1) * (long) sums[b * width + i];
                    }
                    assertThat(result[t * width + i]).isEqualTo(sum);
                }
            }
        }
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}

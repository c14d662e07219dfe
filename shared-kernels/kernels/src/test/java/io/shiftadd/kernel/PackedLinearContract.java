package io.shiftadd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.kernel.packed.TableLayout;
import io.shiftadd.kernel.rotation.HadamardRotation;
import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.kernel.tables.TableBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of packed layers whatever kernel runs them; one subclass for each species. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PackedLinearContract {

    private static final int[] SIZES = {1, 7, 13, 16, 48, 172, 207, 384, 1024};

    private final KernelSpecies species;
    private KernelContext context;
    private KernelContext reference;

    PackedLinearContract(KernelSpecies species) {
        this.species = species;
    }

    @BeforeAll
    void open() {
        context = KernelContext.create(2, species);
        reference = KernelContext.create(1, KernelSpecies.SCALAR);
    }

    @AfterAll
    void close() {
        context.close();
        reference.close();
    }

    record Shape(int outputs, int inputs, int bits, GroupShape groups, int terms) {
        PackedLinear layer(long seed) {
            BinaryCoding coding = TestLayers.coding(outputs, inputs, bits, groups, terms, seed);
            return PackedLinear.pack(coding, TestLayers.activations(outputs, seed + 1), null, null);
        }
    }

    static Stream<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        int variant = 0;
        for (int outputs : SIZES) {
            for (int inputs : SIZES) {
                List<GroupShape> groupings = List.of(
                        GroupShape.columnWise(outputs),
                        GroupShape.columnWise(outputs, 3),
                        GroupShape.blockWise(outputs),
                        new GroupShape(outputs, 5),
                        new GroupShape(16, 4),
                        new GroupShape(32, 24),
                        new GroupShape(outputs, inputs));
                GroupShape groups = groupings.get(variant % groupings.size());
                shapes.add(new Shape(outputs, inputs, 1 + variant % 4, groups, 1 + variant % 3));
                variant++;
            }
        }
        shapes.add(new Shape(20, 4098, 2, GroupShape.columnWise(20), 3));
        shapes.add(new Shape(4098, 48, 3, GroupShape.blockWise(4098), 3));
        shapes.add(new Shape(130, 2048, 8, GroupShape.columnWise(130), 2));
        shapes.add(new Shape(130, 2048, 4, GroupShape.blockWise(130), 3));
        // Whole row tiles: whole layers, groups of rows, chunks that are not full.
        shapes.add(new Shape(64, 33, 2, GroupShape.columnWise(64), 3));
        shapes.add(new Shape(192, 2080, 3, GroupShape.columnWise(192), 3));
        shapes.add(new Shape(1088, 2080, 2, GroupShape.columnWise(1088), 3));
        shapes.add(new Shape(2048, 2088, 2, GroupShape.blockWise(2048), 3));
        shapes.add(new Shape(512, 72, 2, new GroupShape(256, 4), 3));
        // Planes in pairs, three row tiles as four, and a last group of fewer rows.
        shapes.add(new Shape(256, 40, 5, GroupShape.columnWise(256), 3));
        shapes.add(new Shape(1344, 2080, 2, new GroupShape(448, 8), 3));
        shapes.add(new Shape(1088, 72, 3, new GroupShape(448, 8), 3));
        shapes.add(new Shape(832, 2088, 2, new GroupShape(704, 8), 3));
        // Row tiles that are not full within a layer, as groups of the first version of the format may have.
        shapes.add(new Shape(384, 2080, 2, new GroupShape(48, 8), 3));
        shapes.add(new Shape(500, 72, 3, new GroupShape(208, 8), 3));
        return shapes.stream();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void givesTheBitsOfTheReference(Shape shape) {
        PackedLinear layer = shape.layer(11);
        float[] x = TestLayers.activations(2 * shape.inputs(), 5);
        assertSameBits(layer, x, 2);
        assertSameBits(layer, x, 1);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void staysWithinTheBoundOfTheExpandedWeights(Shape shape) {
        PackedLinear layer = shape.layer(12);
        float[] x = TestLayers.activations(shape.inputs(), 6);
        float[] y = forward(layer, x, 1, context);
        assertWithinBound(layer, x, y);
    }

    @Test
    void givesTheBitsOfTheReferenceForExtremeActivations() {
        Shape shape = new Shape(48, 600, 2, GroupShape.columnWise(48), 3);
        for (GroupShape groups : List.of(GroupShape.columnWise(48), GroupShape.blockWise(48), new GroupShape(48, 5))) {
            PackedLinear layer = new Shape(48, 600, 2, groups, 3).layer(13);
            for (float[] x : extremes(shape.inputs())) {
                assertSameBits(layer, x, 1);
                assertWithinBound(layer, x, forward(layer, x, 1, context));
            }
        }
    }

    private static List<float[]> extremes(int inputs) {
        float[] normal = TestLayers.activations(inputs, 7);
        float[] outlier = normal.clone();
        outlier[inputs / 2] = 3000;
        return List.of(
                new float[inputs],
                scaled(normal, Float.MIN_VALUE),
                scaled(normal, 1e-38f),
                scaled(normal, 1e-20f),
                scaled(normal, 1e-12f),
                scaled(normal, 1e30f),
                outlier);
    }

    private static float[] scaled(float[] x, float factor) {
        float[] scaled = x.clone();
        for (int i = 0; i < x.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }

    @Test
    void theLargestSumsOfWholeChunksDoNotOverflow() {
        int inputs = 2 * TableLayout.CHUNK_COLUMNS;
        BinaryCoding random = TestLayers.coding(64, inputs, 1, GroupShape.columnWise(64), 1, 15);
        for (byte sign : new byte[] {0, 1}) {
            byte[] codes = new byte[64 * inputs];
            Arrays.fill(codes, sign);
            BinaryCoding coding = new BinaryCoding(64, inputs, 1, random.groups(), random.scales(), codes);
            PackedLinear layer = PackedLinear.pack(coding, new float[64], null, null);
            for (int tokens : new int[] {1, 5}) {
                float[] x = new float[tokens * inputs];
                Arrays.fill(x, 1);
                assertSameBits(layer, x, tokens);
                assertWithinBound(layer, x, forward(layer, x, tokens, context));
            }
        }
    }

    @Test
    void anActivationThatIsNotFiniteMakesItsTokenAndNoOtherNaN() {
        for (GroupShape groups : List.of(GroupShape.columnWise(40), GroupShape.blockWise(40))) {
            PackedLinear layer = new Shape(40, 300, 2, groups, 3).layer(14);
            float[] finite = TestLayers.activations(300, 8);
            float[] expected = forward(layer, finite, 1, context);
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                float[] x = Arrays.copyOf(finite, 900);
                System.arraycopy(finite, 0, x, 300, 300);
                System.arraycopy(finite, 0, x, 600, 300);
                x[300 + 131] = bad;
                float[] y = forward(layer, x, 3, context);
                for (int n = 0; n < 40; n++) {
                    assertThat(y[n]).isEqualTo(expected[n]);
                    assertThat(y[40 + n]).isNaN();
                    assertThat(y[80 + n]).isEqualTo(expected[n]);
                }
            }
        }
    }

    @Test
    void aTokensResultDependsNeitherOnTheOthersNorOnThreads() {
        for (GroupShape groups : List.of(GroupShape.columnWise(200), GroupShape.blockWise(200))) {
            PackedLinear layer = new Shape(200, 520, 3, groups, 3).layer(15);
            int tokens = 37;
            float[] x = TestLayers.activations(tokens * 520, 9);
            float[] together = forward(layer, x, tokens, context);
            for (int threads : new int[] {1, 3, 8}) {
                try (KernelContext other = KernelContext.create(threads, species)) {
                    for (int t = 0; t < tokens; t += 6) {
                        float[] alone = forward(layer, Arrays.copyOfRange(x, t * 520, (t + 1) * 520), 1, other);
                        assertThat(Arrays.copyOfRange(together, t * 200, (t + 1) * 200))
                                .isEqualTo(alone);
                    }
                    assertThat(forward(layer, x, tokens, other)).isEqualTo(together);
                }
            }
        }
    }

    @Test
    void rotationsAreUndone() {
        int outputs = 96;
        int inputs = 384;
        for (HadamardRotation input : new HadamardRotation[] {null, HadamardRotation.random(inputs, 3)}) {
            for (HadamardRotation output : new HadamardRotation[] {null, HadamardRotation.random(outputs, 4)}) {
                PackedLinear layer = PackedLinear.pack(
                        TestLayers.coding(outputs, inputs, 3, GroupShape.columnWise(outputs), 3, 16),
                        TestLayers.activations(outputs, 17),
                        input,
                        output);
                float[] x = TestLayers.activations(2 * inputs, 18);
                assertSameBits(layer, x, 2);
                float[] y = forward(layer, x, 2, context);
                float[] dense = layer.toDense();
                for (int t = 0; t < 2; t++) {
                    double squaredError = 0;
                    double squared = 0;
                    for (int n = 0; n < outputs; n++) {
                        double exact = layer.bias()[n];
                        for (int k = 0; k < inputs; k++) {
                            exact += (double) dense[n * inputs + k] * x[t * inputs + k];
                        }
                        squaredError += (y[t * outputs + n] - exact) * (y[t * outputs + n] - exact);
                        squared += exact * exact;
                    }
                    assertThat(Math.sqrt(squaredError / squared)).isLessThan(0.02);
                }
            }
        }
    }

    @Test
    void layersThatShareAnInputGiveWhatTheyGiveAlone() {
        int inputs = 384;
        HadamardRotation rotation = HadamardRotation.random(inputs, 5);
        HadamardRotation other = HadamardRotation.random(inputs, 6);
        List<PackedLinear> layers = List.of(
                layer(100, inputs, GroupShape.columnWise(100), rotation, 20),
                layer(60, inputs, GroupShape.blockWise(60), rotation, 21),
                layer(130, inputs, GroupShape.blockWise(130), null, 22),
                layer(16, inputs, GroupShape.columnWise(16), other, 23));
        int tokens = 21;
        float[] x = TestLayers.activations(tokens * inputs, 24);
        List<float[]> ys = new ArrayList<>();
        for (PackedLinear layer : layers) {
            ys.add(new float[tokens * layer.outputs()]);
        }
        LinearLayer.forwardAll(layers, x, ys, tokens, context);
        for (int i = 0; i < layers.size(); i++) {
            assertThat(ys.get(i)).isEqualTo(forward(layers.get(i), x, tokens, context));
        }
    }

    private static PackedLinear layer(
            int outputs, int inputs, GroupShape groups, @Nullable HadamardRotation rotation, long seed) {
        return PackedLinear.pack(
                TestLayers.coding(outputs, inputs, 2, groups, 3, seed),
                TestLayers.activations(outputs, seed),
                rotation,
                null);
    }

    /**
     * Rows enough for a span of the most streams, a shorter one, four more row tiles and a last one that is not full.
     */
    @Test
    void manyRowsOfOneTokenGiveTheBitsOfTheReference() {
        for (GroupShape groups : List.of(GroupShape.columnWise(1425), new GroupShape(720, 8))) {
            for (int inputs : new int[] {70, 2100}) {
                Shape shape = new Shape(1425, inputs, 2, groups, 2);
                assertSameBits(shape.layer(25), TestLayers.activations(inputs, 26), 1);
            }
        }
    }

    private void assertSameBits(PackedLinear layer, float[] x, int tokens) {
        float[] expected = forward(layer, x, tokens, reference);
        float[] actual = forward(layer, x, tokens, context);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Float.floatToRawIntBits(actual[i]))
                    .as("output %d: %s, reference %s", i, actual[i], expected[i])
                    .isEqualTo(Float.floatToRawIntBits(expected[i]));
        }
    }

    private static float[] forward(PackedLinear layer, float[] x, int tokens, KernelContext with) {
        float[] y = new float[tokens * layer.outputs()];
        Arrays.fill(y, 12345);
        layer.forward(x, y, tokens, with);
        return y;
    }

    /** The bound of {@link PackedLinear}: half a step for every four columns and plane, and float rounding. */
    private static void assertWithinBound(PackedLinear layer, float[] x, float[] y) {
        BinaryCoding coding = layer.unpack();
        int inputs = layer.inputs();
        int chunkColumns = TableLayout.CHUNK_COLUMNS;
        for (int n = 0; n < layer.outputs(); n++) {
            double exact = layer.bias()[n];
            double magnitudes = Math.abs(exact);
            double allowed = 0;
            for (int bit = 0; bit < coding.bits(); bit++) {
                for (int chunk = 0; chunk < inputs; chunk += chunkColumns) {
                    int end = Math.min(chunk + chunkColumns, inputs);
                    double[] sums = new double[chunkColumns / 4];
                    for (int k = chunk; k < end; k++) {
                        double shifted = (double) x[k] * alpha(coding, bit, n, k);
                        exact += (coding.codes()[n * inputs + k] >> bit & 1) != 0 ? shifted : -shifted;
                        sums[(k - chunk) / 4] += Math.abs(shifted);
                        magnitudes += Math.abs(shifted);
                    }
                    // Two neighbouring groups are looked up by one byte of codes and share the levels.
                    double largest = 0;
                    for (int group = 0; group < sums.length; group += 2) {
                        largest = Math.max(largest, sums[group] + sums[group + 1]);
                    }
                    double groups = Math.ceil((end - chunk) / 4.0);
                    allowed += largest < 2 * TableBuilder.SMALLEST_BOUND
                            ? groups * largest
                            : groups * 0.5 * largest / TableLayout.LEVELS;
                }
            }
            double rounding = magnitudes * (coding.bits() * Math.ceilDiv(inputs, 256) + 8) * 0x1p-24;
            assertThat(Math.abs(y[n] - exact))
                    .as("row %d: %s, exact %s", n, y[n], exact)
                    .isLessThanOrEqualTo(allowed * 1.001 + rounding + Float.MIN_NORMAL);
        }
    }

    private static double alpha(BinaryCoding coding, int bit, int row, int column) {
        return coding.scales()
                .value(
                        bit,
                        row / coding.groups().rowsPerGroup(),
                        column / coding.groups().columnsPerGroup());
    }

    /** Codings of random shapes, so that no size is special. */
    @Test
    void givesTheBitsOfTheReferenceOnRandomShapes() {
        SplittableRandom random = new SplittableRandom(77);
        for (int i = 0; i < 60; i++) {
            int outputs = 1 + random.nextInt(300);
            int inputs = 1 + random.nextInt(900);
            GroupShape groups = new GroupShape(
                    random.nextBoolean() ? outputs : 16 * (1 + random.nextInt(6)), 1 + random.nextInt(16));
            Shape shape = new Shape(outputs, inputs, 1 + random.nextInt(4), groups, 1 + random.nextInt(3));
            int tokens = 1 + random.nextInt(5);
            assertSameBits(shape.layer(i), TestLayers.activations(tokens * inputs, i), tokens);
        }
    }
}

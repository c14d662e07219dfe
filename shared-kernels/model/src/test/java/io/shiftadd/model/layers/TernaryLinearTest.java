package io.shiftadd.model.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.TensorView;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.Layouts;
import io.shiftadd.model.Verification;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TernaryLinearTest {

    private static MatrixRows matrix(int outputs, int inputs, float scale, Random random) {
        float[] weights = new float[outputs * inputs];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (random.nextInt(3) - 1) * scale;
        }
        return MatrixRows.of(TensorView.ofFloats("w", new long[] {outputs, inputs}, weights));
    }

    /** Two planes of a half each say −1, 0 and 1 exactly, whatever the scale. */
    @ParameterizedTest
    @ValueSource(floats = {1, 0.0123f, 3e-4f, 57.3f})
    void isWithoutLoss(float scale) {
        MatrixRows matrix = matrix(33, 50, scale, new Random(1));
        TernaryLinear layer = (TernaryLinear) TernaryLinear.of(matrix, null).orElseThrow();
        float[] values = layer.values().toDense();
        for (int i = 0; i < values.length; i++) {
            values[i] *= layer.scale();
        }
        assertThat(values).isEqualTo(new WeightRows(matrix).toFloatArray());
        assertThat(layer.values().bits()).isEqualTo(2);
        assertThat(layer.values().terms()).isEqualTo(1);
    }

    @Test
    void otherWeightsAreNotTernary() {
        float[] weights = {0.5f, 0, -0.5f, 0.25f};
        assertThat(TernaryLinear.of(MatrixRows.of(TensorView.ofFloats("w", new long[] {2, 2}, weights)), null))
                .isEmpty();
    }

    @Test
    void computesWhatTheWeightsSay() {
        Random random = new Random(2);
        MatrixRows matrix = matrix(64, 96, 0.07f, random);
        float[] bias = new float[64];
        float[] x = new float[3 * 96];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < bias.length; i++) {
            bias[i] = (float) random.nextGaussian();
        }
        try (KernelContext context = KernelContext.create(2)) {
            float[] expected = new float[3 * 64];
            float[] actual = new float[3 * 64];
            new DenseLinear(matrix, bias).forward(x, expected, 3, context);
            TernaryLinear.of(matrix, bias).orElseThrow().forward(x, actual, 3, context);
            for (int i = 0; i < expected.length; i++) {
                // 24 look-ups and two planes, each off by at most half a step of 1/127 of about ten.
                assertThat(Math.abs(actual[i] - expected[i])).isLessThan(0.07f * 48 * 10 / 254);
            }
        }
    }

    /** As it comes from safetensors and from GGUF. */
    @Test
    void everyLayerOfBitnetIsPacked() {
        Path directory = Layouts.directory("bitnet");
        for (Path path : new Path[] {directory, directory.resolve("model.gguf")}) {
            try (CausalLanguageModel model = CausalLanguageModel.open(path);
                    Checkpoint reference = Checkpoint.open(directory.resolve("reference.safetensors"));
                    KernelContext context = KernelContext.create(2)) {
                for (String name : model.block(0).linearNames()) {
                    TernaryLinear layer = (TernaryLinear) model.block(0).linear(name);
                    float[] values = layer.values().toDense();
                    for (int i = 0; i < values.length; i++) {
                        values[i] *= layer.scale();
                    }
                    assertThat(values).as(name).isEqualTo(model.block(0).weights(name));
                }
                assertThat(Verification.run(model, reference, context).maxRelative())
                        .isBetween(1e-6, 0.1);
            }
        }
    }
}

package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** A packed layer's weights expanded to float and multiplied in float: what its look-up tables approximate. */
final class ExpandedLinear implements LinearLayer {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final int CHUNK_ROWS = 16;

    private final int outputs;
    private final int inputs;
    private final float[] weights;
    private final float @Nullable [] bias;

    ExpandedLinear(PackedLinear packed) {
        outputs = packed.outputs();
        inputs = packed.inputs();
        weights = packed.toDense();
        bias = packed.bias();
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public long weightBytes() {
        return (long) weights.length * Float.BYTES;
    }

    @Override
    public void forward(float[] x, float[] y, int tokens, KernelContext context) {
        context.parallelFor(Math.ceilDiv(outputs, CHUNK_ROWS), (chunk, _) -> {
            int end = Math.min(outputs, (chunk + 1) * CHUNK_ROWS);
            for (int t = 0; t < tokens; t++) {
                for (int n = chunk * CHUNK_ROWS; n < end; n++) {
                    float sum = dot(weights, n * inputs, x, t * inputs, inputs);
                    y[t * outputs + n] = bias == null ? sum : sum + bias[n];
                }
            }
        });
    }

    private static float dot(float[] a, int atA, float[] b, int atB, int count) {
        FloatVector even = FloatVector.zero(F);
        FloatVector odd = even;
        int i = 0;
        for (; i <= count - 2 * F.length(); i += 2 * F.length()) {
            even = FloatVector.fromArray(F, a, atA + i).fma(FloatVector.fromArray(F, b, atB + i), even);
            int next = i + F.length();
            odd = FloatVector.fromArray(F, a, atA + next).fma(FloatVector.fromArray(F, b, atB + next), odd);
        }
        float sum = even.add(odd).reduceLanes(VectorOperators.ADD);
        for (; i < count; i++) {
            sum = Math.fma(a[atA + i], b[atB + i], sum);
        }
        return sum;
    }
}

package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.attention.HeadView;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import io.shiftadd.model.layers.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * A norm {@code y = w·(x − m)/√(mean((x − m)²) + ε) + b}, m the mean or 0, and its gradients: with
 * {@code z = (x − m)·r} and {@code g = w·dy}, {@code dx = r·(g − mean(g) − z·mean(g·z))}, the mean of g only where m is
 * taken off; {@code dw = Σ dy·z}, {@code db = Σ dy}.
 *
 * <p>Sums over a vector, and over some tokens, are float in a fixed order; over all tokens double. Weights are as they
 * are multiplied: with 1 added where the file has the difference.
 */
public final class TrainedNorm {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    /** Tokens whose part of dw and db one thread sums. */
    private static final int TOKENS = 128;

    private final NormSettings settings;
    private final float[] weight;
    private final float @Nullable [] bias;
    private final float[] weightGradient;
    private final float @Nullable [] biasGradient;

    public TrainedNorm(NormSettings settings, float[] weight, float @Nullable [] bias) {
        this.settings = settings;
        this.weight = weight.clone();
        this.bias = bias == null ? null : bias.clone();
        weightGradient = new float[weight.length];
        biasGradient = bias == null ? null : new float[weight.length];
    }

    public NormSettings settings() {
        return settings;
    }

    /** Its own array, {@code [width]}: training changes it. */
    public float[] weight() {
        return weight;
    }

    /** Its own array, or null. */
    public float @Nullable [] bias() {
        return bias;
    }

    public float[] weightGradient() {
        return weightGradient;
    }

    public float @Nullable [] biasGradient() {
        return biasGradient;
    }

    /** All vectors of {@code tokens} tokens, {@code heads} each; x and y may be one array. */
    void forward(float[] x, float[] y, HeadView view, int heads, int tokens, KernelContext context) {
        int n = weight.length;
        chunks(tokens, context, (chunk, from, to) -> {
            for (int t = from; t < to; t++) {
                for (int h = 0; h < heads; h++) {
                    int at = view.at(t, h);
                    float mean = mean(x, at);
                    apply(x, y, at, mean, scale(x, at, mean));
                }
            }
        });
    }

    /**
     * @param x what {@link #forward} saw
     * @param dy not changed, unless it is dx
     * @param dx gets the gradient, or has it added; may be dy where it is not added
     */
    void backward(
            float[] x,
            float[] dy,
            float[] dx,
            boolean add,
            HeadView view,
            int heads,
            int tokens,
            KernelContext context) {
        int n = weight.length;
        int count = Math.ceilDiv(tokens, TOKENS);
        float[][] weightSums = new float[count][n];
        float[][] biasSums = new float[bias == null ? 0 : count][n];
        chunks(tokens, context, (chunk, from, to) -> {
            for (int t = from; t < to; t++) {
                for (int h = 0; h < heads; h++) {
                    int at = view.at(t, h);
                    float mean = mean(x, at);
                    float scale = scale(x, at, mean);
                    if (bias != null) {
                        add(dy, at, biasSums[chunk]);
                    }
                    inputGradient(x, dy, dx, at, mean, scale, add, weightSums[chunk]);
                }
            }
        });
        collect(weightSums, weightGradient);
        if (biasGradient != null) {
            collect(biasSums, biasGradient);
        }
    }

    private void apply(float[] x, float[] y, int at, float mean, float scale) {
        for (int i = 0; i < weight.length; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, weight.length);
            FloatVector v = FloatVector.fromArray(SPECIES, x, at + i, mask)
                    .sub(mean)
                    .mul(scale)
                    .mul(FloatVector.fromArray(SPECIES, weight, i, mask));
            if (bias != null) {
                v = v.add(FloatVector.fromArray(SPECIES, bias, i, mask));
            }
            v.intoArray(y, at + i, mask);
        }
    }

    private static void add(float[] dy, int at, float[] sums) {
        for (int i = 0; i < sums.length; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, sums.length);
            FloatVector.fromArray(SPECIES, sums, i, mask)
                    .add(FloatVector.fromArray(SPECIES, dy, at + i, mask))
                    .intoArray(sums, i, mask);
        }
    }

    /** One vector's dx, and its part of dw. */
    private void inputGradient(
            float[] x, float[] dy, float[] dx, int at, float mean, float scale, boolean add, float[] weightSums) {
        int n = weight.length;
        FloatVector sums = FloatVector.zero(SPECIES);
        FloatVector products = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, n);
            FloatVector d = FloatVector.fromArray(SPECIES, dy, at + i, mask);
            FloatVector z = FloatVector.fromArray(SPECIES, x, at + i, mask)
                    .sub(mean, mask)
                    .mul(scale);
            FloatVector g = d.mul(FloatVector.fromArray(SPECIES, weight, i, mask));
            d.fma(z, FloatVector.fromArray(SPECIES, weightSums, i, mask)).intoArray(weightSums, i, mask);
            sums = sums.add(g);
            products = g.fma(z, products);
        }
        float along = VectorMath.sum(products) / n;
        float sum = settings.kind() == NormSettings.Kind.LAYER ? VectorMath.sum(sums) / n : 0;
        for (int i = 0; i < n; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, n);
            FloatVector z = FloatVector.fromArray(SPECIES, x, at + i, mask)
                    .sub(mean, mask)
                    .mul(scale);
            FloatVector d = FloatVector.fromArray(SPECIES, dy, at + i, mask)
                    .mul(FloatVector.fromArray(SPECIES, weight, i, mask))
                    .sub(sum)
                    .sub(z.mul(along))
                    .mul(scale);
            if (add) {
                d = d.add(FloatVector.fromArray(SPECIES, dx, at + i, mask));
            }
            d.intoArray(dx, at + i, mask);
        }
    }

    /** Parts in their order, in double. */
    private static void collect(float[][] parts, float[] target) {
        double[] sum = new double[target.length];
        for (float[] part : parts) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += part[i];
            }
        }
        for (int i = 0; i < sum.length; i++) {
            target[i] = (float) sum[i];
        }
    }

    private float mean(float[] x, int at) {
        if (settings.kind() != NormSettings.Kind.LAYER) {
            return 0;
        }
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < weight.length; i += VectorMath.LANES) {
            sum = sum.add(FloatVector.fromArray(SPECIES, x, at + i, SPECIES.indexInRange(i, weight.length)));
        }
        return VectorMath.sum(sum) / weight.length;
    }

    private float scale(float[] x, int at, float mean) {
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int i = 0; i < weight.length; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, weight.length);
            FloatVector d = FloatVector.fromArray(SPECIES, x, at + i, mask).sub(mean, mask);
            squares = d.fma(d, squares);
        }
        return (float) (1 / Math.sqrt(VectorMath.sum(squares) / (double) weight.length + settings.epsilon()));
    }

    @FunctionalInterface
    private interface Chunk {
        void run(int chunk, int from, int to);
    }

    private static void chunks(int tokens, KernelContext context, Chunk task) {
        context.parallelFor(
                Math.ceilDiv(tokens, TOKENS),
                (chunk, _) -> task.run(chunk, chunk * TOKENS, Math.min(tokens, (chunk + 1) * TOKENS)));
    }
}

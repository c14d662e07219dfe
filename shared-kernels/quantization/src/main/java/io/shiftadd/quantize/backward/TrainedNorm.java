package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.attention.HeadView;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import org.jspecify.annotations.Nullable;

/**
 * A norm {@code y = w·(x − m)/√(mean((x − m)²) + ε) + b}, m the mean or 0, and its gradients: with
 * {@code z = (x − m)·r} and {@code g = w·dy}, {@code dx = r·(g − mean(g) − z·mean(g·z))}, the mean of g only where m is
 * taken off; {@code dw = Σ dy·z}, {@code db = Σ dy}.
 *
 * <p>A vector's sums are double. Weights are as they are multiplied: with 1 added where the file has the difference.
 */
public final class TrainedNorm {

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
                    double mean = mean(x, at);
                    double scale = scale(x, at, mean);
                    for (int i = 0; i < n; i++) {
                        float z = (float) ((x[at + i] - mean) * scale);
                        y[at + i] = bias == null ? z * weight[i] : z * weight[i] + bias[i];
                    }
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
        boolean centered = settings.kind() == NormSettings.Kind.LAYER;
        int count = Math.ceilDiv(tokens, TOKENS);
        double[][] weightSums = new double[count][n];
        double[][] biasSums = new double[bias == null ? 0 : count][n];
        chunks(tokens, context, (chunk, from, to) -> {
            for (int t = from; t < to; t++) {
                for (int h = 0; h < heads; h++) {
                    int at = view.at(t, h);
                    double mean = mean(x, at);
                    double scale = scale(x, at, mean);
                    double sum = 0;
                    double along = 0;
                    for (int i = 0; i < n; i++) {
                        double z = (x[at + i] - mean) * scale;
                        double g = (double) weight[i] * dy[at + i];
                        weightSums[chunk][i] += dy[at + i] * z;
                        sum += g;
                        along += g * z;
                    }
                    if (bias != null) {
                        for (int i = 0; i < n; i++) {
                            biasSums[chunk][i] += dy[at + i];
                        }
                    }
                    sum = centered ? sum / n : 0;
                    along /= n;
                    for (int i = 0; i < n; i++) {
                        double z = (x[at + i] - mean) * scale;
                        float d = (float) (scale * ((double) weight[i] * dy[at + i] - sum - z * along));
                        dx[at + i] = add ? dx[at + i] + d : d;
                    }
                }
            }
        });
        collect(weightSums, weightGradient);
        if (biasGradient != null) {
            collect(biasSums, biasGradient);
        }
    }

    private static void collect(double[][] parts, float[] target) {
        double[] sum = new double[target.length];
        for (double[] part : parts) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += part[i];
            }
        }
        for (int i = 0; i < sum.length; i++) {
            target[i] = (float) sum[i];
        }
    }

    private double mean(float[] x, int at) {
        if (settings.kind() != NormSettings.Kind.LAYER) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            sum += x[at + i];
        }
        return sum / weight.length;
    }

    private double scale(float[] x, int at, double mean) {
        double squares = 0;
        for (int i = 0; i < weight.length; i++) {
            double d = x[at + i] - mean;
            squares += d * d;
        }
        return 1 / Math.sqrt(squares / weight.length + settings.epsilon());
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

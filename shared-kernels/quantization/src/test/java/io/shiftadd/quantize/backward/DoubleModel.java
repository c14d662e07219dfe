package io.shiftadd.quantize.backward;

import io.shiftadd.model.attention.AttentionShape;
import io.shiftadd.model.attention.HeadView;
import io.shiftadd.model.family.Activation;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of {@link ModelPass} in plain loops and double precision: what its gradients are checked against.
 */
final class DoubleModel {

    private final Map<float[], double[]> parameters = new IdentityHashMap<>();

    /** A parameter's own copy in double, which a check may change. */
    double[] of(float[] array) {
        return parameters.computeIfAbsent(array, GradientCheck::wide);
    }

    double[] blocks(List<TrainedBlock> blocks, double[] hidden, int sequences, int length) {
        double[] state = hidden.clone();
        for (TrainedBlock block : blocks) {
            state = block(block, state, sequences, length);
        }
        return state;
    }

    private double[] block(TrainedBlock block, double[] x, int sequences, int length) {
        BlockShape shape = block.shape();
        double[] first = half(
                shape,
                x,
                x,
                block.attentionNorm(),
                block.attentionOutputNorm(),
                normed -> attention(block, normed, sequences, length));
        return half(
                shape,
                first,
                shape.parallel() ? x : first,
                block.feedForwardNorm(),
                block.feedForwardOutputNorm(),
                normed -> feedForward(block, normed));
    }

    @FunctionalInterface
    private interface Function {
        double[] apply(double[] x);
    }

    private double[] half(
            BlockShape shape,
            double[] residual,
            double[] x,
            @Nullable TrainedNorm norm,
            @Nullable TrainedNorm outputNorm,
            Function function) {
        double[] normed = shape.normFirst() && norm != null ? norm(norm, x, BlockShape.whole(shape.hidden()), 1) : x;
        double[] output = function.apply(normed);
        if (outputNorm != null) {
            output = norm(outputNorm, output, BlockShape.whole(shape.hidden()), 1);
        }
        double[] sum = new double[x.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = (shape.residualFromNorm() ? normed[i] : residual[i]) + shape.residualScale() * output[i];
        }
        return !shape.normFirst() && norm != null ? norm(norm, sum, BlockShape.whole(shape.hidden()), 1) : sum;
    }

    double[] norm(TrainedNorm norm, double[] x, HeadView view, int heads) {
        double[] weight = of(norm.weight());
        double[] y = x.clone();
        boolean centered = norm.settings().kind() == NormSettings.Kind.LAYER;
        for (int t = 0; t < x.length / view.tokenStride(); t++) {
            for (int h = 0; h < heads; h++) {
                int at = view.at(t, h);
                int n = weight.length;
                double mean = 0;
                for (int i = 0; centered && i < n; i++) {
                    mean += x[at + i] / n;
                }
                double variance = 0;
                for (int i = 0; i < n; i++) {
                    variance += (x[at + i] - mean) * (x[at + i] - mean) / n;
                }
                for (int i = 0; i < n; i++) {
                    y[at + i] = (x[at + i] - mean)
                                    / Math.sqrt(variance + norm.settings().epsilon())
                                    * weight[i]
                            + (norm.bias() == null ? 0 : of(norm.bias())[i]);
                }
            }
        }
        return y;
    }

    private double[] linear(TrainedLinear layer, double[] x) {
        PlainLayer plain = (PlainLayer) layer;
        return product(
                x, of(plain.weights), plain.bias == null ? null : of(plain.bias), layer.outputs(), layer.inputs());
    }

    private static double[] product(double[] x, double[] weights, double @Nullable [] bias, int outputs, int inputs) {
        int tokens = x.length / inputs;
        double[] y = new double[tokens * outputs];
        for (int t = 0; t < tokens; t++) {
            for (int n = 0; n < outputs; n++) {
                double sum = bias == null ? 0 : bias[n];
                for (int k = 0; k < inputs; k++) {
                    sum += x[t * inputs + k] * weights[n * inputs + k];
                }
                y[t * outputs + n] = sum;
            }
        }
        return y;
    }

    private double[] attention(TrainedBlock block, double[] x, int sequences, int length) {
        AttentionShape shape = block.shape().attention();
        boolean fused = block.projections().size() == 1;
        double[] q = linear(block.projections().get(0), x);
        double[] k = fused ? q : linear(block.projections().get(1), x);
        double[] v = fused ? q : linear(block.projections().get(2), x);
        if (block.queryNorm() != null && block.keyNorm() != null) {
            boolean all = block.shape().normsOfAllHeads();
            q = norm(block.queryNorm(), q, shape.queryView(), all ? 1 : shape.heads());
            k = norm(block.keyNorm(), k, shape.keyView(), all ? 1 : shape.kvHeads());
        }
        RotaryTable rotary = block.shape().rotary();
        if (rotary != null) {
            q = rotate(rotary, q, shape.queryView(), shape.heads(), length);
            k = rotate(rotary, k, shape.keyView(), shape.kvHeads(), length);
        }
        double[] mixed = new double[sequences * length * shape.heads() * shape.headDim()];
        for (int s = 0; s < sequences; s++) {
            for (int head = 0; head < shape.heads(); head++) {
                for (int position = 0; position < length; position++) {
                    attend(shape, q, k, v, mixed, s * length, head, position);
                }
            }
        }
        return linear(block.attentionOutput(), mixed);
    }

    static void attend(
            AttentionShape shape, double[] q, double[] k, double[] v, double[] out, int first, int head, int position) {
        int d = shape.headDim();
        int kvHead = head / (shape.heads() / shape.kvHeads());
        double[] p = new double[position + 1];
        double sum = 0;
        for (int j = Math.max(0, position - shape.window() + 1); j <= position; j++) {
            double score = 0;
            for (int i = 0; i < d; i++) {
                score += q[shape.queryView().at(first + position, head) + i]
                        * k[shape.keyView().at(first + j, kvHead) + i];
            }
            score *= shape.scale();
            if (shape.softCap() > 0) {
                score = shape.softCap() * Math.tanh(score / shape.softCap());
            }
            p[j] = Math.exp(score + (shape.slopes() == null ? 0 : shape.slopes()[head] * j));
            sum += p[j];
        }
        for (int i = 0; i < d; i++) {
            double mixed = 0;
            for (int j = Math.max(0, position - shape.window() + 1); j <= position; j++) {
                mixed += p[j] / sum * v[shape.valueView().at(first + j, kvHead) + i];
            }
            out[(first + position) * shape.heads() * d + head * d + i] = mixed;
        }
    }

    private static double[] rotate(RotaryTable rotary, double[] x, HeadView view, int heads, int length) {
        double[] y = x.clone();
        int half = rotary.half();
        for (int t = 0; t < x.length / view.tokenStride(); t++) {
            for (int h = 0; h < heads; h++) {
                for (int i = 0; i < half; i++) {
                    double c = rotary.cosines()[t % length * half + i];
                    double s = rotary.sines()[t % length * half + i];
                    int at = view.at(t, h) + i;
                    y[at] = x[at] * c - x[at + half] * s;
                    y[at + half] = x[at + half] * c + x[at] * s;
                }
            }
        }
        return y;
    }

    private double[] feedForward(TrainedBlock block, double[] x) {
        double[] up = linear(block.up(), x);
        double[] gate = block.gate() == null ? null : linear(block.gate(), x);
        if (block.shape().fusedGate()) {
            int width = block.shape().inner();
            gate = part(up, 2 * width, 0, width);
            up = part(up, 2 * width, width, width);
        }
        for (int i = 0; i < up.length; i++) {
            Activation activation = block.shape().activation();
            up[i] = gate == null ? activate(activation, up[i]) : activate(activation, gate[i]) * up[i];
        }
        return linear(block.down(), up);
    }

    private static double[] part(double[] x, int stride, int offset, int width) {
        double[] part = new double[x.length / stride * width];
        for (int i = 0; i < part.length; i++) {
            part[i] = x[i / width * stride + offset + i % width];
        }
        return part;
    }

    static double activate(Activation activation, double x) {
        return switch (activation) {
            case RELU -> Math.max(0, x);
            case RELU_SQUARED -> Math.max(0, x) * Math.max(0, x);
            case SILU -> x / (1 + Math.exp(-x));
            case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
            case GELU -> x * normal(x);
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        };
    }

    /** The normal distribution by its series, which converges fast enough for what a test has. */
    private static double normal(double x) {
        double term = x;
        double sum = x;
        for (int i = 1; i < 200; i++) {
            term *= x * x / (2 * i + 1);
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** The mean over tokens of {@code KL(teacher ‖ student)}. */
    double loss(TrainedHead teacher, double[] teacherHidden, TrainedHead student, double[] studentHidden) {
        double[] t = logits(teacher, teacherHidden);
        double[] s = logits(student, studentHidden);
        int vocabulary = student.vocabulary();
        int tokens = t.length / vocabulary;
        double loss = 0;
        for (int token = 0; token < tokens; token++) {
            double tSum = 0;
            double sSum = 0;
            for (int i = token * vocabulary; i < (token + 1) * vocabulary; i++) {
                tSum += Math.exp(t[i]);
                sSum += Math.exp(s[i]);
            }
            for (int i = token * vocabulary; i < (token + 1) * vocabulary; i++) {
                double p = Math.exp(t[i]) / tSum;
                loss += p * (t[i] - Math.log(tSum) - s[i] + Math.log(sSum));
            }
        }
        return loss / tokens;
    }

    private double[] logits(TrainedHead head, double[] hidden) {
        double[] state = head.norm() == null ? hidden : norm(head.norm(), hidden, BlockShape.whole(head.hidden()), 1);
        if (head.projection() != null) {
            state = product(state, of(head.projection()), null, head.embedding(), head.hidden());
        }
        double[] logits = product(state, of(head.weights()), null, head.vocabulary(), head.embedding());
        for (int i = 0; i < logits.length; i++) {
            logits[i] *= head.scale();
            if (head.softCap() > 0) {
                logits[i] = head.softCap() * Math.tanh(logits[i] / head.softCap());
            }
        }
        return logits;
    }
}

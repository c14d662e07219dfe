package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.attention.AttentionShape;
import io.shiftadd.model.attention.HeadView;
import io.shiftadd.quantize.backward.Tape.Part;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One decoder block over whole sequences, forward and backward.
 *
 * <p>Both halves have one form: {@code y = x + c·N_out(f(N_in(x)))}, with norms that may be absent, after the addition
 * instead, or give the residual, too. f is attention between its projections, or the feed-forward layers.
 */
final class BlockPass {

    private final KernelContext context;
    private final Scratch scratch;

    /** What all blocks share: arrays that nobody needs after a half. */
    static final class Scratch {
        private float[] weightGradient = {};
        private float[] output = {};
        private float[] inner = {};
        private float[] first = {};
        private float[] second = {};
        private float[] third = {};
        private float[] normed = {};

        private static float[] grown(float[] array, int size) {
            return array.length < size ? new float[size] : array;
        }
    }

    BlockPass(KernelContext context, Scratch scratch) {
        this.context = context;
        this.scratch = scratch;
    }

    /**
     * @param hidden {@code [sequences·length, hidden]}, changed in place
     * @param tape gets what {@link #backward} wants
     */
    void forward(TrainedBlock block, float[] hidden, Tape tape, int sequences, int length) {
        int tokens = sequences * length;
        int size = tokens * block.shape().hidden();
        float[] input = tape.array(Part.ATTENTION_INPUT, size);
        System.arraycopy(hidden, 0, input, 0, size);
        half(block, Half.attention(block), hidden, tape, sequences, length);
        float[] second = tape.array(Part.FEED_FORWARD_INPUT, size);
        if (block.shape().parallel()) {
            System.arraycopy(input, 0, second, 0, size);
        } else {
            System.arraycopy(hidden, 0, second, 0, size);
        }
        half(block, Half.feedForward(block), hidden, tape, sequences, length);
    }

    /**
     * @param gradient of the block's output, {@code [sequences·length, hidden]}; becomes that of its input
     * @param tape what {@link #forward} left there
     */
    void backward(TrainedBlock block, float[] gradient, Tape tape, int sequences, int length) {
        if (!block.shape().parallel()) {
            halfBackward(block, Half.feedForward(block), gradient, gradient, tape, sequences, length);
            halfBackward(block, Half.attention(block), gradient, gradient, tape, sequences, length);
            return;
        }
        // Both halves were added to the same input: the second's own part is collected beside the first's.
        float[] output = gradient.clone();
        halfBackward(block, Half.feedForward(block), output, gradient, tape, sequences, length);
        halfBackward(block, Half.attention(block), output, gradient, tape, sequences, length);
    }

    /** Which parts of the tape and which norms belong to a half. */
    private record Half(
            boolean isAttention,
            @Nullable TrainedNorm norm,
            @Nullable TrainedNorm outputNorm,
            Part input,
            Part normed,
            Part output,
            Part sum) {

        static Half attention(TrainedBlock block) {
            return new Half(
                    true,
                    block.attentionNorm(),
                    block.attentionOutputNorm(),
                    Part.ATTENTION_INPUT,
                    Part.ATTENTION_NORMED,
                    Part.ATTENTION_OUTPUT,
                    Part.ATTENTION_SUM);
        }

        static Half feedForward(TrainedBlock block) {
            return new Half(
                    false,
                    block.feedForwardNorm(),
                    block.feedForwardOutputNorm(),
                    Part.FEED_FORWARD_INPUT,
                    Part.FEED_FORWARD_NORMED,
                    Part.FEED_FORWARD_OUTPUT,
                    Part.FEED_FORWARD_SUM);
        }
    }

    private void half(TrainedBlock block, Half half, float[] hidden, Tape tape, int sequences, int length) {
        BlockShape shape = block.shape();
        int tokens = sequences * length;
        int width = shape.hidden();
        HeadView whole = BlockShape.whole(width);
        float[] input = tape.array(half.input(), tokens * width);
        float[] normed = input;
        if (shape.normFirst() && half.norm() != null) {
            normed = tape.array(half.normed(), tokens * width);
            half.norm().forward(input, normed, whole, 1, tokens, context);
        }
        boolean keep = half.outputNorm() != null;
        scratch.output = Scratch.grown(scratch.output, tokens * width);
        float[] output = keep ? tape.array(half.output(), tokens * width) : scratch.output;
        if (half.isAttention()) {
            attention(block, normed, output, tape, sequences, length);
        } else {
            feedForward(block, normed, output, tape, tokens);
        }
        float[] added = output;
        if (half.outputNorm() != null) {
            added = scratch.output;
            half.outputNorm().forward(output, added, whole, 1, tokens, context);
        }
        if (shape.residualFromNorm()) {
            System.arraycopy(normed, 0, hidden, 0, tokens * width);
        }
        ActivationPass.add(added, shape.residualScale(), hidden, tokens * width, context);
        if (!shape.normFirst() && half.norm() != null) {
            float[] sum = tape.array(half.sum(), tokens * width);
            System.arraycopy(hidden, 0, sum, 0, tokens * width);
            half.norm().forward(sum, hidden, whole, 1, tokens, context);
        }
    }

    /**
     * @param ofOutput the gradient of what the half left
     * @param result has, or gets, the gradient of its input: with the residual's part already there when both are not
     *     one
     */
    private void halfBackward(
            TrainedBlock block, Half half, float[] ofOutput, float[] result, Tape tape, int sequences, int length) {
        BlockShape shape = block.shape();
        int tokens = sequences * length;
        int width = shape.hidden();
        int size = tokens * width;
        HeadView whole = BlockShape.whole(width);
        if (!shape.normFirst() && half.norm() != null) {
            half.norm().backward(tape.array(half.sum(), size), ofOutput, ofOutput, false, whole, 1, tokens, context);
        }
        float[] input = tape.array(half.input(), size);
        float[] normed = shape.normFirst() && half.norm() != null ? tape.array(half.normed(), size) : input;
        scratch.output = Scratch.grown(scratch.output, size);
        scratch.normed = Scratch.grown(scratch.normed, size);
        float[] gradient = scratch.output;
        for (int i = 0; i < size; i++) {
            gradient[i] = ofOutput[i] * shape.residualScale();
        }
        if (half.outputNorm() != null) {
            float[] output = tape.array(half.output(), size);
            half.outputNorm().backward(output, gradient, gradient, false, whole, 1, tokens, context);
        }
        float[] ofNormed = scratch.normed;
        if (half.isAttention()) {
            attentionBackward(block, normed, gradient, ofNormed, tape, sequences, length);
        } else {
            feedForwardBackward(block, normed, gradient, ofNormed, tape, tokens);
        }
        if (shape.residualFromNorm()) {
            ActivationPass.add(ofOutput, 1, ofNormed, size, context);
            Arrays.fill(result, 0, size, 0);
        }
        if (shape.normFirst() && half.norm() != null) {
            half.norm().backward(input, ofNormed, result, true, whole, 1, tokens, context);
        } else {
            ActivationPass.add(ofNormed, 1, result, size, context);
        }
    }

    private void attention(TrainedBlock block, float[] x, float[] y, Tape tape, int sequences, int length) {
        BlockShape shape = block.shape();
        AttentionShape a = shape.attention();
        int tokens = sequences * length;
        float[] q = project(block, 0, Part.QUERY, x, tape, tokens);
        boolean fused = block.projections().size() == 1;
        float[] k = fused ? q : project(block, 1, Part.KEY, x, tape, tokens);
        float[] v = fused ? q : project(block, 2, Part.VALUE, x, tape, tokens);
        norm(block.queryNorm(), Part.QUERY_RAW, q, normView(shape, a.queryView(), a.heads()), tape, tokens);
        norm(block.keyNorm(), Part.KEY_RAW, k, normView(shape, a.keyView(), a.kvHeads()), tape, tokens);
        if (shape.rotary() != null) {
            shape.rotary().rotate(q, a.queryView(), a.heads(), sequences, length, false, context);
            shape.rotary().rotate(k, a.keyView(), a.kvHeads(), sequences, length, false, context);
        }
        float[] mixed = tape.array(Part.MIXED, tokens * shape.width());
        float[] logSums = tape.array(Part.LOG_SUMS, tokens * a.heads());
        new AttentionPass(a, context.threads()).forward(q, k, v, mixed, logSums, sequences, length, context);
        apply(block.attentionOutput(), mixed, y, tokens);
    }

    /** Vectors of a token that are normed each by itself. */
    private record Vectors(HeadView view, int count) {}

    private static Vectors normView(BlockShape shape, HeadView view, int heads) {
        return shape.normsOfAllHeads()
                ? new Vectors(new HeadView(view.tokenStride(), 0, view.offset()), 1)
                : new Vectors(view, heads);
    }

    private float[] project(TrainedBlock block, int index, Part part, float[] x, Tape tape, int tokens) {
        TrainedLinear layer = block.projections().get(index);
        float[] y = tape.array(part, tokens * layer.outputs());
        apply(layer, x, y, tokens);
        return y;
    }

    private void norm(@Nullable TrainedNorm norm, Part raw, float[] x, Vectors vectors, Tape tape, int tokens) {
        HeadView view = vectors.view();
        if (norm != null) {
            float[] copy = tape.array(raw, tokens * view.tokenStride());
            System.arraycopy(x, 0, copy, 0, tokens * view.tokenStride());
            norm.forward(copy, x, view, vectors.count(), tokens, context);
        }
    }

    private void attentionBackward(
            TrainedBlock block, float[] x, float[] dy, float[] dx, Tape tape, int sequences, int length) {
        BlockShape shape = block.shape();
        AttentionShape a = shape.attention();
        int tokens = sequences * length;
        boolean fused = block.projections().size() == 1;
        float[] q = tape.array(Part.QUERY, tokens * a.queryView().tokenStride());
        float[] k = fused ? q : tape.array(Part.KEY, tokens * a.keyView().tokenStride());
        float[] v = fused ? q : tape.array(Part.VALUE, tokens * a.valueView().tokenStride());
        float[] logSums = tape.array(Part.LOG_SUMS, tokens * a.heads());
        float[] mixed = tape.array(Part.MIXED, tokens * shape.width());
        scratch.inner = Scratch.grown(scratch.inner, tokens * shape.width());
        float[] dMixed = scratch.inner;
        applyBackward(block.attentionOutput(), mixed, dy, dMixed, false, tokens);
        scratch.first = zeros(scratch.first, tokens * a.queryView().tokenStride());
        float[] dq = scratch.first;
        float[] dk = dq;
        float[] dv = dq;
        if (!fused) {
            scratch.second = zeros(scratch.second, tokens * a.keyView().tokenStride());
            scratch.third = zeros(scratch.third, tokens * a.valueView().tokenStride());
            dk = scratch.second;
            dv = scratch.third;
        }
        new AttentionPass(a, context.threads())
                .backward(q, k, v, logSums, dMixed, dq, dk, dv, sequences, length, context);
        if (shape.rotary() != null) {
            shape.rotary().rotate(dq, a.queryView(), a.heads(), sequences, length, true, context);
            shape.rotary().rotate(dk, a.keyView(), a.kvHeads(), sequences, length, true, context);
        }
        normBackward(block.queryNorm(), Part.QUERY_RAW, dq, normView(shape, a.queryView(), a.heads()), tape, tokens);
        normBackward(block.keyNorm(), Part.KEY_RAW, dk, normView(shape, a.keyView(), a.kvHeads()), tape, tokens);
        applyBackward(block.projections().getFirst(), x, dq, dx, false, tokens);
        if (!fused) {
            applyBackward(block.projections().get(1), x, dk, dx, true, tokens);
            applyBackward(block.projections().get(2), x, dv, dx, true, tokens);
        }
    }

    private void normBackward(
            @Nullable TrainedNorm norm, Part raw, float[] gradient, Vectors vectors, Tape tape, int tokens) {
        HeadView view = vectors.view();
        if (norm != null) {
            float[] x = tape.array(raw, tokens * view.tokenStride());
            norm.backward(x, gradient, gradient, false, view, vectors.count(), tokens, context);
        }
    }

    private void feedForward(TrainedBlock block, float[] x, float[] y, Tape tape, int tokens) {
        int size = tokens * block.shape().inner();
        float[] up = tape.array(Part.UP, size);
        float[] inner = tape.array(Part.INNER, size);
        if (block.shape().fusedGate()) {
            float[] gate = tape.array(Part.GATE, size);
            scratch.first = Scratch.grown(scratch.first, 2 * size);
            apply(block.up(), x, scratch.first, tokens);
            halves(scratch.first, gate, up, block.shape().inner(), tokens, false);
            ActivationPass.gate(block.shape().activation(), gate, up, inner, size, context);
            apply(block.down(), inner, y, tokens);
            return;
        }
        apply(block.up(), x, up, tokens);
        if (block.gate() == null) {
            ActivationPass.forward(block.shape().activation(), up, inner, size, context);
        } else {
            float[] gate = tape.array(Part.GATE, size);
            apply(block.gate(), x, gate, tokens);
            ActivationPass.gate(block.shape().activation(), gate, up, inner, size, context);
        }
        apply(block.down(), inner, y, tokens);
    }

    private void feedForwardBackward(TrainedBlock block, float[] x, float[] dy, float[] dx, Tape tape, int tokens) {
        int size = tokens * block.shape().inner();
        float[] up = tape.array(Part.UP, size);
        float[] inner = tape.array(Part.INNER, size);
        scratch.inner = Scratch.grown(scratch.inner, size);
        scratch.first = Scratch.grown(scratch.first, size);
        float[] dInner = scratch.inner;
        float[] dUp = scratch.first;
        applyBackward(block.down(), inner, dy, dInner, false, tokens);
        if (block.shape().fusedGate()) {
            float[] gate = tape.array(Part.GATE, size);
            scratch.second = Scratch.grown(scratch.second, size);
            scratch.third = Scratch.grown(scratch.third, 2 * size);
            ActivationPass.gateBackward(
                    block.shape().activation(), gate, up, dInner, scratch.second, dUp, size, context);
            halves(scratch.third, scratch.second, dUp, block.shape().inner(), tokens, true);
            applyBackward(block.up(), x, scratch.third, dx, false, tokens);
        } else if (block.gate() == null) {
            ActivationPass.backward(block.shape().activation(), up, dInner, dUp, size, context);
            applyBackward(block.up(), x, dUp, dx, false, tokens);
        } else {
            float[] gate = tape.array(Part.GATE, size);
            scratch.second = Scratch.grown(scratch.second, size);
            float[] dGate = scratch.second;
            ActivationPass.gateBackward(block.shape().activation(), gate, up, dInner, dGate, dUp, size, context);
            applyBackward(block.up(), x, dUp, dx, false, tokens);
            applyBackward(block.gate(), x, dGate, dx, true, tokens);
        }
    }

    /** Between {@code both[tokens, 2·width]} and its halves of {@code [tokens, width]} each. */
    private static void halves(float[] both, float[] first, float[] second, int width, int tokens, boolean join) {
        for (int t = 0; t < tokens; t++) {
            int at = t * 2 * width;
            if (join) {
                System.arraycopy(first, t * width, both, at, width);
                System.arraycopy(second, t * width, both, at + width, width);
            } else {
                System.arraycopy(both, at, first, t * width, width);
                System.arraycopy(both, at + width, second, t * width, width);
            }
        }
    }

    private void apply(TrainedLinear layer, float[] x, float[] y, int tokens) {
        Products.outputs(x, layer.weights(context), layer.bias(), y, tokens, layer.outputs(), layer.inputs(), context);
    }

    /** The gradient of the layer's inputs into dx, and those of its parameters to the layer. */
    private void applyBackward(TrainedLinear layer, float[] x, float[] dy, float[] dx, boolean add, int tokens) {
        int outputs = layer.outputs();
        int inputs = layer.inputs();
        Products.inputGradient(dy, layer.weights(context), dx, add, tokens, outputs, inputs, context);
        if (!layer.trained()) {
            return;
        }
        scratch.weightGradient = Scratch.grown(scratch.weightGradient, outputs * inputs);
        Products.weightGradient(dy, x, scratch.weightGradient, tokens, outputs, inputs, context);
        float[] bias = null;
        if (layer.bias() != null) {
            bias = new float[outputs];
            Products.biasGradient(dy, bias, tokens, outputs, context);
        }
        layer.gradient(scratch.weightGradient, bias, context);
    }

    private static float[] zeros(float[] array, int size) {
        float[] result = Scratch.grown(array, size);
        Arrays.fill(result, 0, size, 0);
        return result;
    }
}

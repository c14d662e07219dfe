package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.attention.HeadView;
import io.shiftadd.model.layers.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The mean over tokens of {@code KL(teacher ‖ student) = Σ p_t·(ln p_t − ln p_s)} over the whole vocabulary, and its
 * gradient {@code (p_s − p_t)/tokens} for the student's logits. A few tokens' logits are in memory at once.
 */
final class DistillationLoss {

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    /** Logits of one model that are in memory at once. */
    private static final int LOGITS = 1 << 22;

    private final KernelContext context;
    private float[] teacherLogits = {};
    private float[] studentLogits = {};
    private float[] teacherState = {};
    private float[] studentState = {};
    private float[] narrow = {};
    private float[] ofState = {};
    private float[] ofHidden = {};
    private double[] losses = {};

    DistillationLoss(KernelContext context) {
        this.context = context;
    }

    /**
     * @param teacherHidden {@code [tokens, hidden]} after the last block; not changed
     * @param studentHidden likewise; not changed
     * @param gradient {@code [tokens, hidden]}, overwritten; null where only the loss is wanted
     * @return the loss in nats
     */
    double run(
            TrainedHead teacher,
            float[] teacherHidden,
            TrainedHead student,
            float[] studentHidden,
            float @org.jspecify.annotations.Nullable [] gradient,
            int tokens) {
        int vocabulary = student.vocabulary();
        int step = Math.clamp(LOGITS / vocabulary, 1, tokens);
        reserve(student, tokens, step);
        HeadView whole = BlockShape.whole(student.hidden());
        normalize(teacher, teacherHidden, teacherState, whole, tokens);
        normalize(student, studentHidden, studentState, whole, tokens);
        double sum = 0;
        for (int from = 0; from < tokens; from += step) {
            int count = Math.min(step, tokens - from);
            logits(teacher, teacherState, from, count, teacherLogits);
            logits(student, studentState, from, count, studentLogits);
            context.parallelFor(
                    count,
                    (t, _) -> losses[t] =
                            difference(teacherLogits, studentLogits, t * vocabulary, vocabulary, student, 1f / tokens));
            for (int t = 0; t < count; t++) {
                sum += losses[t];
            }
            if (gradient != null) {
                backward(student, from, count);
            }
        }
        if (gradient != null) {
            if (student.norm() == null) {
                System.arraycopy(ofHidden, 0, gradient, 0, tokens * student.hidden());
            } else {
                student.norm().backward(studentHidden, ofHidden, gradient, false, whole, 1, tokens, context);
            }
        }
        return sum / tokens;
    }

    private void reserve(TrainedHead head, int tokens, int step) {
        int logits = Math.multiplyExact(step, head.vocabulary());
        if (studentLogits.length < logits) {
            teacherLogits = new float[logits];
            studentLogits = new float[logits];
            losses = new double[step];
        }
        if (studentState.length < tokens * head.hidden()) {
            teacherState = new float[tokens * head.hidden()];
            studentState = new float[tokens * head.hidden()];
            ofHidden = new float[tokens * head.hidden()];
        }
        if (head.projection() != null && narrow.length < step * head.embedding()) {
            narrow = new float[step * head.embedding()];
            ofState = new float[step * head.embedding()];
        }
    }

    private void normalize(TrainedHead head, float[] hidden, float[] state, HeadView whole, int tokens) {
        if (head.norm() == null) {
            System.arraycopy(hidden, 0, state, 0, tokens * head.hidden());
        } else {
            head.norm().forward(hidden, state, whole, 1, tokens, context);
        }
    }

    private void logits(TrainedHead head, float[] state, int from, int count, float[] logits) {
        float[] x = java.util.Arrays.copyOfRange(state, from * head.hidden(), (from + count) * head.hidden());
        if (head.projection() != null) {
            Products.outputs(x, head.projection(), null, narrow, count, head.embedding(), head.hidden(), context);
            x = narrow;
        }
        Products.outputs(x, head.weights(), null, logits, count, head.vocabulary(), head.embedding(), context);
    }

    /** From the gradient in {@link #studentLogits} to that of the normed state. */
    private void backward(TrainedHead head, int from, int count) {
        float[] target = new float[count * head.hidden()];
        if (head.projection() == null) {
            Products.inputGradient(
                    studentLogits, head.weights(), target, false, count, head.vocabulary(), head.embedding(), context);
        } else {
            Products.inputGradient(
                    studentLogits, head.weights(), ofState, false, count, head.vocabulary(), head.embedding(), context);
            Products.inputGradient(
                    ofState, head.projection(), target, false, count, head.embedding(), head.hidden(), context);
        }
        System.arraycopy(target, 0, ofHidden, from * head.hidden(), target.length);
    }

    /** The loss of one token; the student's logits become their gradient. */
    private static double difference(
            float[] teacher, float[] student, int at, int count, TrainedHead head, float weight) {
        int end = at + count;
        cap(teacher, at, end, head);
        cap(student, at, end, head);
        float teacherGreatest = AttentionPass.greatest(teacher, at, end);
        float studentGreatest = AttentionPass.greatest(student, at, end);
        // Σ p_t·(l_t − l_s) needs the logits, the gradient only the probabilities: in this order.
        double teacherSum = 0;
        double along = 0;
        float cap = head.softCap();
        FloatVector sums = FloatVector.zero(SPECIES);
        FloatVector products = FloatVector.zero(SPECIES);
        FloatVector studentSums = FloatVector.zero(SPECIES);
        for (int i = at; i < end; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, end);
            FloatVector t = FloatVector.fromArray(SPECIES, teacher, i, mask).sub(teacherGreatest);
            FloatVector s = FloatVector.fromArray(SPECIES, student, i, mask).sub(studentGreatest);
            FloatVector e = VectorMath.exp(t);
            sums = sums.add(e, mask);
            products = products.add(e.mul(t.sub(s)), mask);
            studentSums = studentSums.add(VectorMath.exp(s), mask);
            e.intoArray(teacher, i, mask);
        }
        teacherSum = VectorMath.sum(sums);
        along = VectorMath.sum(products);
        double studentSum = VectorMath.sum(studentSums);
        float teacherFactor = (float) (weight / teacherSum);
        float studentFactor = (float) (weight / studentSum);
        FloatVector scale = FloatVector.broadcast(SPECIES, head.scale());
        for (int i = at; i < end; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, end);
            FloatVector logit = FloatVector.fromArray(SPECIES, student, i, mask);
            FloatVector p = VectorMath.exp(logit.sub(studentGreatest)).mul(studentFactor);
            FloatVector d = p.sub(
                            FloatVector.fromArray(SPECIES, teacher, i, mask).mul(teacherFactor))
                    .mul(scale);
            if (cap > 0) {
                FloatVector tanh = logit.div(cap);
                d = d.mul(FloatVector.broadcast(SPECIES, 1f).sub(tanh.mul(tanh)));
            }
            d.intoArray(student, i, mask);
        }
        return along / teacherSum + Math.log(studentSum) - Math.log(teacherSum);
    }

    /** {@code c·tanh(scale·logit/c)}. */
    private static void cap(float[] row, int from, int to, TrainedHead head) {
        if (head.scale() == 1 && head.softCap() == 0) {
            return;
        }
        for (int i = from; i < to; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector v = FloatVector.fromArray(SPECIES, row, i, mask).mul(head.scale());
            if (head.softCap() > 0) {
                v = VectorMath.softCap(v, head.softCap());
            }
            v.intoArray(row, i, mask);
        }
    }
}

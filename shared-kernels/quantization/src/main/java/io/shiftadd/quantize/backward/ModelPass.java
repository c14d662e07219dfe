package io.shiftadd.quantize.backward;

import io.shiftadd.kernel.KernelContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A teacher and a student of the same shape over a batch of sequences: the loss between them, and the gradient of the
 * student's parameters.
 *
 * <p>Memory beside the parameters: a hidden state for each block, and what one block keeps for its backward pass, for
 * which its forward pass runs again; with {@code keepAll} that of every block, and nothing runs twice.
 */
public final class ModelPass {

    private final KernelContext context;
    private final BlockPass blocks;
    private final DistillationLoss loss;
    private final boolean keepAll;
    private final List<Tape> tapes = new ArrayList<>();
    private final Tape teacherTape = new Tape();
    private float[][] inputs = {};
    private float[] gradient = {};

    public ModelPass(KernelContext context, boolean keepAll) {
        this.context = context;
        this.keepAll = keepAll;
        blocks = new BlockPass(context, new BlockPass.Scratch());
        loss = new DistillationLoss(context);
    }

    /**
     * Floats that {@link #run} keeps for a batch, apart from parameters and logits.
     *
     * @param keepAll as in the constructor
     */
    public static long floats(List<TrainedBlock> blocks, long tokens, boolean keepAll) {
        long states = 0;
        long largest = 0;
        long all = 0;
        for (TrainedBlock block : blocks) {
            BlockShape shape = block.shape();
            long projected = block.projections().stream()
                    .mapToLong(TrainedLinear::outputs)
                    .sum();
            long kept = 4L * shape.hidden() + 2 * projected + shape.width() + 3L * shape.inner();
            states += shape.hidden();
            largest = Math.max(largest, kept);
            all += kept;
        }
        return tokens * (keepAll ? all + 2 * largest : states + 3 * largest);
    }

    /**
     * The loss, with the gradients handed to the student's layers and norms.
     *
     * @param teacher null where its states are known
     * @param teacherHidden {@code [sequences·length, hidden]}, embedded tokens, or states behind the last block;
     *     changed
     * @param studentHidden likewise
     * @return mean KL divergence a token, in nats
     */
    public double run(
            @Nullable List<TrainedBlock> teacher,
            TrainedHead teacherHead,
            float[] teacherHidden,
            List<TrainedBlock> student,
            TrainedHead studentHead,
            float[] studentHidden,
            int sequences,
            int length) {
        int tokens = sequences * length;
        if (teacher != null) {
            forward(teacher, teacherHidden, sequences, length);
        }
        reserve(student.size(), studentHidden.length);
        for (int i = 0; i < student.size(); i++) {
            context.check();
            if (!keepAll) {
                System.arraycopy(studentHidden, 0, inputs[i], 0, studentHidden.length);
            }
            blocks.forward(student.get(i), studentHidden, tape(i), sequences, length);
        }
        double result = loss.run(teacherHead, teacherHidden, studentHead, studentHidden, gradient, tokens);
        for (int i = student.size() - 1; i >= 0; i--) {
            context.check();
            if (!keepAll && i < student.size() - 1) {
                blocks.forward(student.get(i), inputs[i], tape(i), sequences, length);
            }
            blocks.backward(student.get(i), gradient, tape(i), sequences, length);
        }
        return result;
    }

    /** The loss alone. */
    public double loss(
            TrainedHead teacherHead,
            float[] teacherHidden,
            TrainedHead studentHead,
            float[] studentHidden,
            int tokens) {
        return loss.run(teacherHead, teacherHidden, studentHead, studentHidden, null, tokens);
    }

    /** All blocks, nothing kept. */
    public void forward(List<TrainedBlock> model, float[] hidden, int sequences, int length) {
        for (TrainedBlock block : model) {
            context.check();
            blocks.forward(block, hidden, teacherTape, sequences, length);
        }
    }

    /** After {@link #run}: the gradient of the embedded tokens, {@code [sequences·length, hidden]}. */
    float[] inputGradient() {
        return gradient;
    }

    private Tape tape(int block) {
        int index = keepAll ? block : 0;
        while (tapes.size() <= index) {
            tapes.add(new Tape());
        }
        return tapes.get(index);
    }

    private void reserve(int count, int size) {
        if (gradient.length < size) {
            gradient = new float[size];
        }
        if (!keepAll && (inputs.length < count || inputs[0].length < size)) {
            inputs = new float[count][size];
        }
    }
}

package io.shiftadd.model;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.Workspace.Shared;
import org.jspecify.annotations.Nullable;

/** One batch on its way through a block: the operations of the forward pass on the batch's memory and threads. */
final class Pass {

    private final Workspace workspace;
    private final TokenBatch batch;
    private final KernelContext context;
    private final @Nullable LinearInputObserver observer;

    Pass(Workspace workspace, TokenBatch batch, KernelContext context, @Nullable LinearInputObserver observer) {
        this.workspace = workspace;
        this.batch = batch;
        this.context = context;
        this.observer = observer;
        workspace.layout.set(batch);
    }

    int tokens() {
        return batch.tokens();
    }

    float[] array(Shared which, int width) {
        return workspace.shared(which, tokens(), width);
    }

    /** The layer's output, in an array of the workspace. */
    float[] apply(LinearSlot slot, float[] x, Shared target) {
        float[] y = array(target, slot.layer().outputs());
        apply(slot, x, y);
        return y;
    }

    void apply(LinearSlot slot, float[] x, float[] y) {
        LinearLayer layer = slot.layer();
        if (observer != null) {
            observer.observe(slot.name(), x, tokens(), layer.inputs());
        }
        layer.forward(x, y, tokens(), context);
    }

    void norm(Norm norm, float[] x, float[] y) {
        workspace.norm.run(norm, x, y, tokens(), context);
    }

    /** {@code y += x}. */
    void add(float[] x, float[] y, int width) {
        workspace.elementwise.add(x, y, tokens(), width, context);
    }

    /** {@code x = f(x)}. */
    void activate(Activation f, float[] x, int width) {
        workspace.elementwise.activate(f, x, tokens(), width, context);
    }

    /** {@code y = f(x)·y}; x is overwritten. */
    void gate(Activation f, float[] x, float[] y, int width) {
        workspace.elementwise.gate(f, x, y, tokens(), width, context);
    }

    /** Stores keys and values, then attends. */
    void attend(AttentionShape shape, float[] queries, float[] keys, float[] values, float[] result) {
        workspace.write.run(shape, batch, queries, keys, values, context);
        workspace.attention.run(shape, batch, queries, result, context);
    }
}

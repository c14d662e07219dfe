package io.shiftadd.model;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.Workspace.Shared;
import io.shiftadd.model.attention.AngularAttention;
import io.shiftadd.model.attention.AttentionShape;
import io.shiftadd.model.attention.KeyValueWriter;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.family.Activation;
import io.shiftadd.model.layers.Norm;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way through a block: the operations of the forward pass on the batch's memory and threads. Belongs
 * to a workspace and is used again and again, between {@link #begin} and {@link #end}.
 */
final class Pass {

    private final Workspace workspace;
    private @Nullable TokenBatch batch;
    private @Nullable KernelContext context;
    private @Nullable LinearInputObserver observer;
    private int tokens;
    private final List<LinearSlot> slots = new ArrayList<>();
    private final List<LinearLayer> listed = new ArrayList<>();
    private final List<float[]> outputs = new ArrayList<>();

    Pass(Workspace workspace) {
        this.workspace = workspace;
    }

    Pass begin(TokenBatch newBatch, KernelContext newContext, @Nullable LinearInputObserver newObserver) {
        batch = newBatch;
        context = newContext;
        observer = newObserver;
        tokens = newBatch.tokens();
        workspace.layout.set(newBatch);
        return this;
    }

    /** Lets go of the batch and of the context, which could otherwise never be collected. */
    void end() {
        batch = null;
        context = null;
        observer = null;
    }

    private TokenBatch batch() {
        return Objects.requireNonNull(batch, "no pass has begun");
    }

    KernelContext context() {
        return Objects.requireNonNull(context, "no pass has begun");
    }

    int tokens() {
        return tokens;
    }

    float[] array(Shared which, int width) {
        return workspace.shared(which, tokens, width);
    }

    /** An array for other rows than the batch's tokens. */
    float[] rows(Shared which, int rows, int width) {
        return workspace.shared(which, rows, width);
    }

    ExpertRouting routing() {
        return workspace.routing;
    }

    /** Shows a layer's input to who watches. */
    void observe(LinearSlot slot, float[] x, int rows) {
        if (observer != null) {
            observer.observe(slot.name(), x, rows, slot.layer().inputs());
        }
    }

    /** The layer's output, in an array of the workspace. */
    float[] apply(LinearSlot slot, float[] x, Shared target) {
        float[] y = array(target, slot.layer().outputs());
        apply(slot, x, y);
        return y;
    }

    void apply(LinearSlot slot, float[] x, float[] y) {
        LinearLayer layer = slot.layer();
        observe(slot, x, tokens);
        layer.forward(x, y, tokens, context());
    }

    /** Puts a layer on the list of those that {@link #applyListed} runs; its output is an array of the workspace. */
    float[] list(LinearSlot slot, Shared target) {
        float[] y = array(target, slot.layer().outputs());
        list(slot, y);
        return y;
    }

    void list(LinearSlot slot, float[] y) {
        slots.add(slot);
        listed.add(slot.layer());
        outputs.add(y);
    }

    /** Runs the layers on the list, which share their input, and empties it. */
    void applyListed(float[] x) {
        applyListed(x, tokens);
    }

    /** The same for other rows than the batch's tokens. */
    void applyListed(float[] x, int rows) {
        try {
            for (int i = 0; i < slots.size(); i++) {
                observe(slots.get(i), x, rows);
            }
            LinearLayer.forwardAll(listed, x, outputs, rows, context());
        } finally {
            slots.clear();
            listed.clear();
            outputs.clear();
        }
    }

    /** The same for other rows than the batch's tokens. */
    void apply(LinearSlot slot, float[] x, float[] y, int rows) {
        observe(slot, x, rows);
        slot.layer().forward(x, y, rows, context());
    }

    boolean isWatched() {
        return observer != null;
    }

    /** Tells who watches which expert each token went to. */
    void routed(String router, ExpertRouting routing, float[] margins) {
        if (observer != null) {
            observer.routed(router, routing.chosen(tokens), margins);
        }
    }

    void norm(Norm norm, float[] x, float[] y) {
        workspace.norm.run(norm, x, y, tokens, context());
    }

    /** {@code y += x}. */
    void add(float[] x, float[] y, int width) {
        workspace.elementwise.add(x, y, tokens, width, context());
    }

    /** {@code x = f(x)}. */
    void activate(Activation f, float[] x, int width) {
        activate(f, x, tokens, width);
    }

    /** The same for other rows than the batch's tokens. */
    void activate(Activation f, float[] x, int rows, int width) {
        workspace.elementwise.activate(f, x, rows, width, context());
    }

    /** {@code y = f(x)·y}; x is overwritten. */
    void gate(Activation f, float[] x, float[] y, int width) {
        gate(f, x, y, tokens, width);
    }

    /** The same for other rows than the batch's tokens. */
    void gate(Activation f, float[] x, float[] y, int rows, int width) {
        workspace.elementwise.gate(f, x, y, rows, width, context());
    }

    /** {@code x = min(max(x, −limit), limit)}. */
    void clip(float limit, float[] x, int width) {
        for (int i = 0; i < tokens * width; i++) {
            x[i] = Math.clamp(x[i], -limit, limit);
        }
    }

    /** {@code y[t, i] = f(x[t, i])·x[t, width + i]}; x is overwritten. */
    void gateHalves(Activation f, float[] x, float[] y, int width) {
        workspace.elementwise.gateHalves(f, x, y, tokens, width, context());
    }

    /** Rounds each token's vector to 8 bits. */
    void round(float[] x, int width) {
        workspace.elementwise.round(x, tokens, width, context());
    }

    /** {@code x *= factor}. */
    void scale(float factor, float[] x, int width) {
        workspace.elementwise.scale(factor, x, tokens, width, context());
    }

    /** Linear attention over binary codes; nothing is stored. */
    void attend(AngularAttention.Parameters shape, float[] queries, float[] keys, float[] values, float[] result) {
        workspace.angular.run(shape, batch(), queries, keys, values, result, context());
    }

    /** Stores keys and values, then attends. */
    void attend(AttentionShape shape, float[] queries, float[] keys, float[] values, float[] result) {
        KeyValueWriter.Task write = workspace.write;
        write.begin(shape, batch(), queries, keys, values);
        workspace.attention.run(shape, batch(), queries, result, write, context());
        write.end();
    }
}

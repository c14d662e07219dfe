package io.shiftadd.model;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.attention.AngularAttention;
import io.shiftadd.model.attention.Attention;
import io.shiftadd.model.attention.KeyValueWriter;
import io.shiftadd.model.cache.BatchLayout;
import io.shiftadd.model.layers.Elementwise;
import io.shiftadd.model.layers.Norm;
import java.util.EnumMap;

/**
 * The memory and the tasks of a forward pass on one kernel context, grown to the largest batch so far and reused: in
 * steady state a pass allocates nothing. Lives as long as its context.
 */
final class Workspace {

    private static final float[] NONE = {};

    /** Arrays that all threads share. */
    enum Shared {
        HIDDEN,
        NORMED,
        QUERY,
        KEY,
        VALUE,
        MIXED,
        OUTPUT,
        GATE,
        UP,
        ROW,
        FINAL,
        NARROW,
        ROUTER,
        ROUTER_INPUT,
        ROUTER_OUTPUT,
        EXPERT_INPUT
    }

    final BatchLayout layout = new BatchLayout();
    final Pass pass = new Pass(this);
    final ExpertRouting routing = new ExpertRouting();
    final Norm.Task norm = new Norm.Task();
    final Elementwise.Task elementwise = new Elementwise.Task();
    final KeyValueWriter.Task write = new KeyValueWriter.Task(layout);
    final Attention attention;
    final AngularAttention angular;

    private final EnumMap<Shared, float[]> shared = new EnumMap<>(Shared.class);

    private Workspace(int threads) {
        attention = new Attention(layout, threads);
        angular = new AngularAttention(threads);
    }

    static Workspace of(KernelContext context) {
        return context.kept(Workspace.class, c -> new Workspace(c.threads()));
    }

    /** At least {@code rows·width} elements, whose content is undefined. */
    float[] shared(Shared which, int rows, int width) {
        long size = (long) rows * width;
        float[] array = shared.getOrDefault(which, NONE);
        if (array.length < size) {
            if (size > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(rows + " tokens in one batch take " + size
                        + " values; an array holds " + (Integer.MAX_VALUE - 8) + ". Split the batch.");
            }
            array = new float[(int) size];
            shared.put(which, array);
        }
        return array;
    }
}

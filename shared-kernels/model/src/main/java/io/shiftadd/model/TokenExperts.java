package io.shiftadd.model;

import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.Workspace.Shared;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelConfig.ExpertSettings;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Feed-forward by one of two experts, the dense one or that of shifts: {@code h += p_e·down_e(f(up_e x))}, e the one
 * that the router finds likelier, p its probability; of equals the dense one. A router that leans chooses by logits of
 * which one is raised, while p stays what it was, so that shares may follow what the experts take. Tokens of an expert
 * are gathered, go through its two layers together, and back to their places. The shift expert's layers stay as they
 * are.
 */
final class TokenExperts implements Mixture {

    static final int EXPERTS = 2;

    private static final int DENSE = 0;
    private static final int SHIFT = 1;

    /** Beyond it all tokens go one way anyway, and e to its power is still a float. */
    private static final float MOST_LEAN = 60;

    private final ModelConfig config;
    private final String name;
    private final float[] router; // [EXPERTS, hiddenSize]
    private final LinearSlot up;
    private final LinearSlot down;
    private final LinearLayer shiftUp;
    private final LinearLayer shiftDown;
    private final float lean;
    private final float[] preferences;
    private final ExpertSettings settings;

    /**
     * @param name of the router
     * @param lean added to the logit of the shift expert for the choice
     */
    TokenExperts(
            ModelConfig config,
            String name,
            float[] router,
            LinearSlot up,
            LinearSlot down,
            LinearLayer shiftUp,
            LinearLayer shiftDown,
            float lean) {
        this.config = config;
        this.name = name;
        this.router = router;
        this.up = up;
        this.down = down;
        this.shiftUp = shiftUp;
        this.shiftDown = shiftDown;
        this.lean = lean;
        this.preferences = new float[] {1, (float) Math.exp(Math.clamp(lean, -MOST_LEAN, MOST_LEAN))};
        this.settings = new ExpertSettings(EXPERTS, 1, false, config.intermediateSize(), List.of());
    }

    @Override
    public TokenExperts with(UnaryOperator<LinearSlot> others) {
        return new TokenExperts(config, name, router, others.apply(up), others.apply(down), shiftUp, shiftDown, lean);
    }

    /** The same with another lean. */
    TokenExperts leaning(float other) {
        return new TokenExperts(config, name, router, up, down, shiftUp, shiftDown, other);
    }

    /** The router's name. */
    String name() {
        return name;
    }

    /** The layers of both experts, the first of each first. */
    List<List<LinearLayer>> layers() {
        return List.of(List.of(up.layer(), down.layer()), List.of(shiftUp, shiftDown));
    }

    @Override
    public int count() {
        return 1;
    }

    @Override
    public List<String> firstLayers(int expert) {
        return List.of(up.name());
    }

    @Override
    public String lastLayer(int expert) {
        return down.name();
    }

    @Override
    public void forward(Pass pass, float[] x, float[] hidden) {
        ExpertRouting routing = route(pass, x);
        if (pass.isWatched()) {
            pass.routed(name, routing, margins(pass, x));
        }
        dense(pass, routing, denseInner(pass, routing, x), hidden);
        shift(pass, routing, x, hidden);
    }

    /** Each token by itself, in one order of additions: it has the same expert in whatever batch it comes. */
    private ExpertRouting route(Pass pass, float[] x) {
        return pass.routing().set(logits(pass, x), pass.tokens(), EXPERTS, settings, preferences);
    }

    /** By how much the shift expert's logit is the larger, of each token. */
    private float[] margins(Pass pass, float[] x) {
        float[] logits = logits(pass, x);
        float[] margins = new float[pass.tokens()];
        for (int t = 0; t < margins.length; t++) {
            margins[t] = logits[t * EXPERTS + SHIFT] - logits[t * EXPERTS + DENSE];
        }
        return margins;
    }

    private float[] logits(Pass pass, float[] x) {
        int width = config.hiddenSize();
        float[] logits = pass.array(Shared.ROUTER, EXPERTS);
        for (int t = 0; t < pass.tokens(); t++) {
            for (int e = 0; e < EXPERTS; e++) {
                float sum = 0;
                for (int i = 0; i < width; i++) {
                    sum += router[e * width + i] * x[t * width + i];
                }
                logits[t * EXPERTS + e] = sum;
            }
        }
        return logits;
    }

    /** What the dense expert's last layer sees of its tokens. */
    private float[] denseInner(Pass pass, ExpertRouting routing, float[] x) {
        int rows = routing.rows(DENSE);
        float[] input = pass.rows(Shared.EXPERT_INPUT, rows, config.hiddenSize());
        float[] inner = pass.rows(Shared.UP, rows, config.intermediateSize());
        routing.gather(DENSE, x, input, config.hiddenSize());
        pass.apply(up, input, inner, rows);
        pass.activate(config.activation(), inner, rows, config.intermediateSize());
        return inner;
    }

    private void dense(Pass pass, ExpertRouting routing, float[] inner, float[] hidden) {
        int rows = routing.rows(DENSE);
        float[] output = pass.rows(Shared.OUTPUT, rows, config.hiddenSize());
        pass.apply(down, inner, output, rows);
        routing.weigh(DENSE, output, config.hiddenSize());
        routing.addTo(DENSE, output, hidden, config.hiddenSize());
    }

    private void shift(Pass pass, ExpertRouting routing, float[] x, float[] hidden) {
        int rows = routing.rows(SHIFT);
        float[] input = pass.rows(Shared.EXPERT_INPUT, rows, config.hiddenSize());
        float[] inner = pass.rows(Shared.UP, rows, config.intermediateSize());
        float[] output = pass.rows(Shared.OUTPUT, rows, config.hiddenSize());
        routing.gather(SHIFT, x, input, config.hiddenSize());
        shiftUp.forward(input, inner, rows, pass.context());
        pass.activate(config.activation(), inner, rows, config.intermediateSize());
        shiftDown.forward(inner, output, rows, pass.context());
        routing.weigh(SHIFT, output, config.hiddenSize());
        routing.addTo(SHIFT, output, hidden, config.hiddenSize());
    }

    @Override
    public void inputs(Pass pass, int e, float[] x, float[] inputs) {
        route(pass, x).mask(DENSE, x, inputs, pass.tokens(), config.hiddenSize());
    }

    @Override
    public void inner(Pass pass, int e, float[] x, float[] inner) {
        ExpertRouting routing = route(pass, x);
        float[] own = denseInner(pass, routing, x);
        routing.spread(DENSE, own, inner, pass.tokens(), config.intermediateSize());
    }

    /** Those of the shift expert, too, which nobody fits. */
    @Override
    public void addOutputs(Pass pass, int e, float[] x, float[] inner, float[] hidden) {
        ExpertRouting routing = route(pass, x);
        float[] own = pass.rows(Shared.UP, routing.rows(DENSE), config.intermediateSize());
        routing.gather(DENSE, inner, own, config.intermediateSize());
        dense(pass, routing, own, hidden);
        shift(pass, routing, x, hidden);
    }
}

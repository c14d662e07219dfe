package io.shiftadd.model;

import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.Workspace.Shared;
import io.shiftadd.model.family.ModelConfig;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Feed-forward by a few of many small ones: {@code h += Σ w_e·down_e(f(gate_e x)·up_e x)} over the experts e that the
 * router chose for a token. An expert runs on its own tokens, gathered, and on no others; outputs are added one expert
 * after the other, by their numbers. A token's weight multiplies what {@code down} sees: the same, as that is linear.
 */
final class ExpertMixture implements Mixture {

    private final ModelConfig config;
    private final LinearLayer router;
    private final List<Expert> experts;
    private final int width;

    /** The layers of one expert. */
    record Expert(LinearSlot gate, LinearSlot up, LinearSlot down) {

        Expert with(UnaryOperator<LinearSlot> others) {
            return new Expert(others.apply(gate), others.apply(up), others.apply(down));
        }
    }

    ExpertMixture(ModelConfig config, LinearLayer router, List<Expert> experts, int width) {
        this.config = config;
        this.router = router;
        this.experts = List.copyOf(experts);
        this.width = width;
    }

    @Override
    public ExpertMixture with(UnaryOperator<LinearSlot> others) {
        List<Expert> all = experts.stream().map(expert -> expert.with(others)).toList();
        return new ExpertMixture(config, router, all, width);
    }

    @Override
    public int count() {
        return experts.size();
    }

    @Override
    public List<String> firstLayers(int expert) {
        return List.of(
                experts.get(expert).gate().name(), experts.get(expert).up().name());
    }

    @Override
    public String lastLayer(int expert) {
        return experts.get(expert).down().name();
    }

    @Override
    public void forward(Pass pass, float[] x, float[] hidden) {
        ExpertRouting routing = route(pass, x);
        for (int e = 0; e < experts.size(); e++) {
            int rows = routing.rows(e);
            if (rows > 0) {
                float[] input = pass.rows(Shared.EXPERT_INPUT, rows, config.hiddenSize());
                routing.gather(e, x, input, config.hiddenSize());
                addOutput(pass, routing, e, inner(pass, routing, e, input), hidden);
            }
        }
    }

    /**
     * Which experts take which of the batch's tokens. The router is a layer in float, whose sums have an order of their
     * own for each number of tokens; a token by itself has the same experts in whatever batch it comes.
     */
    private ExpertRouting route(Pass pass, float[] x) {
        float[] logits = pass.array(Shared.ROUTER, experts.size());
        float[] one = pass.rows(Shared.ROUTER_INPUT, 1, config.hiddenSize());
        float[] scores = pass.rows(Shared.ROUTER_OUTPUT, 1, experts.size());
        for (int t = 0; t < pass.tokens(); t++) {
            System.arraycopy(x, t * config.hiddenSize(), one, 0, config.hiddenSize());
            router.forward(one, scores, 1, pass.context());
            System.arraycopy(scores, 0, logits, t * experts.size(), experts.size());
        }
        return pass.routing()
                .set(logits, pass.tokens(), experts.size(), config.experts().orElseThrow());
    }

    /** What the last layer of an expert sees of its tokens, in an array of the workspace. */
    private float[] inner(Pass pass, ExpertRouting routing, int e, float[] input) {
        Expert expert = experts.get(e);
        int rows = routing.rows(e);
        float[] gates = pass.rows(Shared.GATE, rows, width);
        float[] inner = pass.rows(Shared.UP, rows, width);
        pass.list(expert.gate(), gates);
        pass.list(expert.up(), inner);
        pass.applyListed(input, rows);
        pass.gate(config.activation(), gates, inner, rows, width);
        routing.weigh(e, inner, width);
        return inner;
    }

    private void addOutput(Pass pass, ExpertRouting routing, int e, float[] inner, float[] hidden) {
        Expert expert = experts.get(e);
        int rows = routing.rows(e);
        float[] output = pass.rows(Shared.OUTPUT, rows, config.hiddenSize());
        pass.observe(expert.down(), inner, rows);
        expert.down().layer().forward(inner, output, rows, pass.context());
        routing.addTo(e, output, hidden, config.hiddenSize());
    }

    @Override
    public void inputs(Pass pass, int e, float[] x, float[] inputs) {
        route(pass, x).mask(e, x, inputs, pass.tokens(), config.hiddenSize());
    }

    @Override
    public void inner(Pass pass, int e, float[] x, float[] inner) {
        ExpertRouting routing = route(pass, x);
        float[] input = pass.rows(Shared.EXPERT_INPUT, routing.rows(e), config.hiddenSize());
        routing.gather(e, x, input, config.hiddenSize());
        routing.spread(e, inner(pass, routing, e, input), inner, pass.tokens(), width);
    }

    @Override
    public void addOutputs(Pass pass, int e, float[] x, float[] inner, float[] hidden) {
        ExpertRouting routing = route(pass, x);
        float[] input = pass.rows(Shared.EXPERT_INPUT, routing.rows(e), width);
        routing.gather(e, inner, input, width);
        addOutput(pass, routing, e, input, hidden);
    }
}

package io.shiftadd.model;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.Workspace.Shared;
import io.shiftadd.model.attention.AngularAttention;
import io.shiftadd.model.attention.Rope;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.family.Activation;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelConfig.BlockSettings;
import io.shiftadd.model.layers.Norm;
import io.shiftadd.model.layers.WeightRows;
import io.shiftadd.model.layers.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One decoder block: attention and feed-forward, each with norms and a residual addition.
 *
 * <pre>
 * hidden ─┬─ norm ── q, k, v ── attention ── output ── (norm) ─ + ─┬─ norm ── up (· gate) ── down ── (norm) ─ + ─ out
 *         └──────────────────── residual ──────────────────────┘   └───────────── residual ────────────────┘
 * </pre>
 *
 * Immutable: a block with other linear layers is another block ({@link #with}), which shares all the rest with this
 * one. So the quantizer works on one block while the others stay in their file, and may run several versions of it in
 * turn.
 */
public final class DecoderBlock {

    /** What follows a router's name in that of its lean: a tensor of one number, which a job adds. */
    public static final String LEAN = ".lean";

    private final ModelConfig config;
    private final Weights weights;
    private final BlockParts parts;

    DecoderBlock(ModelConfig config, Weights weights, int index, @Nullable Rope rope) {
        this(config, weights, new BlockParts(config, weights, index, rope));
    }

    private DecoderBlock(ModelConfig config, Weights weights, BlockParts parts) {
        this.config = config;
        this.weights = weights;
        this.parts = parts;
    }

    /**
     * This block with other layers in the place of some of its own; they bring their own biases.
     *
     * @param layers by their names, of the shapes of those they stand for
     * @throws IllegalArgumentException if the block has no layer of a name, or one of another shape
     */
    public DecoderBlock with(Map<String, ? extends LinearLayer> layers) {
        return new DecoderBlock(config, weights, parts.with(layers));
    }

    /**
     * The blocks with other layers in the place of some of their own.
     *
     * @throws IllegalArgumentException if no block has a layer of a name, or one of another shape
     */
    static List<DecoderBlock> with(List<DecoderBlock> blocks, Map<String, ? extends LinearLayer> layers) {
        Map<String, LinearLayer> left = new LinkedHashMap<>(layers);
        List<DecoderBlock> others = new ArrayList<>();
        for (DecoderBlock block : blocks) {
            Map<String, LinearLayer> own = new LinkedHashMap<>();
            for (String name : block.linearNames()) {
                LinearLayer layer = left.remove(name);
                if (layer != null) {
                    own.put(name, layer);
                }
            }
            others.add(own.isEmpty() ? block : block.with(own));
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("no block has a layer " + left.keySet());
        }
        return others;
    }

    /** This block with a router that leans: added to the second of two experts' logit for the choice. */
    DecoderBlock leaning(float lean) {
        return new DecoderBlock(config, weights, parts.leaning(lean));
    }

    /** Name of the router of two experts, its tensor's without {@code .weight}; null where there is none. */
    public @Nullable String router() {
        return parts.experts instanceof TokenExperts two ? two.name() : null;
    }

    /** The layers of two experts that a router chooses between, dense and shift; empty where there are none. */
    public List<List<LinearLayer>> expertLayers() {
        return parts.experts instanceof TokenExperts two ? two.layers() : List.of();
    }

    /** Null where all tokens go through one feed-forward. */
    @Nullable
    Mixture experts() {
        return parts.experts;
    }

    /** Of linear attention over binary codes; null where attention is softmax. */
    public AngularAttention.@Nullable Parameters angular() {
        return parts.angular;
    }

    public BlockAnatomy anatomy() {
        return new BlockAnatomy(
                parts.attention,
                projectionNames(),
                parts.attentionOutput.name(),
                parts.dense().gate() == null ? null : parts.dense().gate().name(),
                parts.dense().up().name(),
                parts.dense().down().name(),
                parts.named(parts.attentionNorm),
                parts.named(parts.queryNorm),
                parts.named(parts.keyNorm),
                parts.named(parts.mixedNorm),
                parts.named(parts.attentionOutputNorm),
                parts.named(parts.feedForwardNorm),
                parts.named(parts.innerNorm),
                parts.named(parts.feedForwardOutputNorm));
    }

    /** Names of the linear layers in the order in which they run: their tensors' names without {@code .weight}. */
    public List<String> linearNames() {
        return parts.linearNames();
    }

    /** @throws IllegalArgumentException if the block has no such layer */
    public LinearLayer linear(String name) {
        return parts.slot(name).layer();
    }

    /**
     * The layer's weights as the checkpoint has them, whatever the layer in use.
     *
     * @return a new row-major array {@code [outputs, inputs]}
     * @throws io.shiftadd.format.FormatException if the checkpoint has the layer packed
     */
    public float[] weights(String name) {
        LinearLayer layer = linear(name);
        return new WeightRows(weights.weight(name, layer.outputs(), layer.inputs())).toFloatArray();
    }

    /** The layer's bias as the checkpoint has it, or null for none. */
    public float @Nullable [] bias(String name) {
        LinearLayer layer = linear(name);
        return weights.biasOf(name, layer.outputs(), parts.slot(name).hasBias());
    }

    /**
     * Runs the block. Keys and values go into the batch's caches, whose length stays as it is: who runs all blocks
     * advances it.
     *
     * @param hidden {@code [tokens, hiddenSize]}, changed in place
     * @param observer sees each linear layer's input, or null
     */
    public void forward(
            float[] hidden, TokenBatch batch, KernelContext context, @Nullable LinearInputObserver observer) {
        Pass pass = Workspace.of(context).pass.begin(batch, context, observer);
        try {
            float[] normed = pass.array(Shared.NORMED, config.hiddenSize());
            float[] mixed = pass.array(Shared.MIXED, config.heads() * config.headDim());
            mix(pass, before(pass, parts.attentionNorm, hidden, normed), mixed);
            if (parts.experts != null) {
                endAttention(pass, mixed, hidden);
                parts.experts.forward(pass, before(pass, parts.feedForwardNorm, hidden, normed), hidden);
                return;
            }
            float[] inner = pass.array(Shared.UP, config.intermediateSize());
            if (isParallel()) {
                float[] input = before(pass, parts.feedForwardNorm, hidden, normed);
                inner(pass, input, inner);
                endAttention(pass, mixed, hidden);
            } else {
                endAttention(pass, mixed, hidden);
                inner(pass, before(pass, parts.feedForwardNorm, hidden, normed), inner);
            }
            endFeedForward(pass, inner, hidden);
        } finally {
            pass.end();
        }
    }

    /** The block's work cut into stages, for a caller that has something to do between them. */
    public BlockStages stages() {
        return new BlockStages(this);
    }

    List<String> projectionNames() {
        return Arrays.stream(parts.projections).map(LinearSlot::name).toList();
    }

    String attentionOutputName() {
        return parts.attentionOutput.name();
    }

    List<String> innerNames() {
        LinearSlot gate = parts.dense().gate();
        String up = parts.dense().up().name();
        return gate == null ? List.of(up) : List.of(gate.name(), up);
    }

    String downName() {
        return parts.dense().down().name();
    }

    /** Whether nothing lies between a half's last linear layer and the residual addition, or after that. */
    boolean addsOutputsAsTheyAre() {
        return config.block().normFirst()
                && !config.block().residualFromNorm()
                && config.residualScale() == 1
                && parts.attentionOutputNorm == null
                && parts.feedForwardOutputNorm == null;
    }

    /** Whether feed-forward starts from the block's input, as attention does. */
    boolean isParallel() {
        return config.block().parallel();
    }

    /** What queries, keys and values are made from, into {@code input}. */
    void attentionInput(Pass pass, float[] hidden, float[] input) {
        copyInput(pass, parts.attentionNorm, hidden, input);
    }

    /** What gate and up are made from, into {@code input}. */
    void feedForwardInput(Pass pass, float[] hidden, float[] input) {
        copyInput(pass, parts.feedForwardNorm, hidden, input);
    }

    private void copyInput(Pass pass, @Nullable Norm norm, float[] hidden, float[] input) {
        if (norm != null && config.block().normFirst()) {
            pass.norm(norm, hidden, input);
        } else {
            System.arraycopy(hidden, 0, input, 0, pass.tokens() * config.hiddenSize());
        }
        round(pass, input, config.hiddenSize());
    }

    /** The input of one half: the hidden state, normed if norms come first. */
    private float[] before(Pass pass, @Nullable Norm norm, float[] hidden, float[] normed) {
        if (norm == null || !config.block().normFirst()) {
            return hidden;
        }
        pass.norm(norm, hidden, normed);
        round(pass, normed, config.hiddenSize());
        return normed;
    }

    /** Inputs of linear layers, where the family rounds them. */
    private void round(Pass pass, float[] x, int width) {
        if (config.block().roundedInputs()) {
            pass.round(x, width);
        }
    }

    /** Attention up to its last linear layer. */
    void mix(Pass pass, float[] input, float[] mixed) {
        boolean fused = parts.projections.length == 1;
        float[] queries = pass.list(parts.projections[0], Shared.QUERY);
        float[] keys = fused ? queries : pass.list(parts.projections[1], Shared.KEY);
        float[] values = fused ? queries : pass.list(parts.projections[2], Shared.VALUE);
        pass.applyListed(input);
        if (parts.queryNorm != null && parts.keyNorm != null && parts.attention.queryNorm() == null) {
            pass.norm(parts.queryNorm, queries, queries);
            pass.norm(parts.keyNorm, keys, keys);
        }
        float clip = config.attention().clip();
        if (clip > 0) {
            for (int i = 0; i < parts.projections.length; i++) {
                float[] y = i == 0 ? queries : i == 1 ? keys : values;
                pass.clip(clip, y, parts.projections[i].layer().outputs());
            }
        }
        if (parts.angular != null) {
            pass.attend(parts.angular, queries, keys, values, mixed);
        } else {
            pass.attend(parts.attention, queries, keys, values, mixed);
        }
        if (parts.mixedNorm != null) {
            pass.norm(parts.mixedNorm, mixed, mixed);
        }
        round(pass, mixed, parts.attentionOutput.layer().inputs());
    }

    /** Attention's last linear layer and its addition to the hidden state. */
    void endAttention(Pass pass, float[] mixed, float[] hidden) {
        float[] output = pass.apply(parts.attentionOutput, mixed, Shared.OUTPUT);
        after(pass, parts.attentionNorm, parts.attentionOutputNorm, hidden, output);
    }

    /** Feed-forward up to its last linear layer. */
    void inner(Pass pass, float[] input, float[] inner) {
        int width = config.intermediateSize();
        Activation activation = config.activation();
        LinearSlot gate = parts.dense().gate();
        LinearSlot up = parts.dense().up();
        if (gate != null) {
            float[] gates = pass.list(gate, Shared.GATE);
            pass.list(up, inner);
            pass.applyListed(input);
            pass.gate(activation, gates, inner, width);
        } else if (config.block().gate() == BlockSettings.Gate.FUSED) {
            float[] both = pass.apply(up, input, Shared.GATE);
            pass.gateHalves(activation, both, inner, width);
        } else {
            pass.apply(up, input, inner);
            pass.activate(activation, inner, width);
        }
        if (parts.innerNorm != null) {
            pass.norm(parts.innerNorm, inner, inner);
        }
        round(pass, inner, width);
    }

    /** Feed-forward's last linear layer and its addition to the hidden state. */
    void endFeedForward(Pass pass, float[] inner, float[] hidden) {
        float[] output = pass.apply(parts.dense().down(), inner, Shared.OUTPUT);
        after(pass, parts.feedForwardNorm, parts.feedForwardOutputNorm, hidden, output);
    }

    /** The end of one half: adds its output to the residual. */
    private void after(Pass pass, @Nullable Norm norm, @Nullable Norm outputNorm, float[] hidden, float[] output) {
        if (outputNorm != null) {
            pass.norm(outputNorm, output, output);
        }
        if (norm != null && config.block().residualFromNorm()) {
            pass.norm(norm, hidden, hidden);
        }
        if (config.residualScale() != 1) {
            pass.scale(config.residualScale(), output, config.hiddenSize());
        }
        pass.add(output, hidden, config.hiddenSize());
        if (norm != null && !config.block().normFirst()) {
            pass.norm(norm, hidden, hidden);
        }
    }
}

package io.shiftadd.model;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.Workspace.Shared;
import io.shiftadd.model.attention.AngularAttention;
import io.shiftadd.model.attention.AttentionShape;
import io.shiftadd.model.attention.Rope;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.family.Activation;
import io.shiftadd.model.family.BlockNames;
import io.shiftadd.model.family.BlockPart;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelConfig.BlockSettings;
import io.shiftadd.model.family.ModelConfig.ExpertSettings;
import io.shiftadd.model.family.ModelNames;
import io.shiftadd.model.family.VisionSettings;
import io.shiftadd.model.layers.Norm;
import io.shiftadd.model.layers.WeightRows;
import io.shiftadd.model.layers.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
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

    private final ModelConfig config;
    private final Weights weights;
    private final AttentionShape attention;
    private final Map<String, LinearSlot> slots = new LinkedHashMap<>();
    private final Map<String, Norm> norms = new LinkedHashMap<>();
    private final LinearSlot[] projections;
    private final LinearSlot attentionOutput;
    private final @Nullable FeedForward dense;
    private final @Nullable Mixture experts;
    private final AngularAttention.@Nullable Parameters angular;
    private final @Nullable Norm attentionNorm;
    private final @Nullable Norm queryNorm;
    private final @Nullable Norm keyNorm;
    private final @Nullable Norm mixedNorm;
    private final @Nullable Norm attentionOutputNorm;
    private final @Nullable Norm feedForwardNorm;
    private final @Nullable Norm innerNorm;
    private final @Nullable Norm feedForwardOutputNorm;

    DecoderBlock(ModelConfig config, Weights weights, int index, @Nullable Rope rope) {
        this.config = config;
        this.weights = weights;
        ModelNames model = weights.names();
        BlockNames names = model.parts();
        String prefix = weights.name(model.block() + index + ".");
        int hidden = config.hiddenSize();
        int width = config.heads() * config.headDim();
        int keyWidth = config.kvHeads() * config.headDim();
        BlockSettings block = config.block();
        boolean fused = block.projections() != BlockSettings.Projections.SEPARATE;
        int[] widths = fused ? new int[] {width + 2 * keyWidth} : new int[] {width, keyWidth, keyWidth};
        projections = new LinearSlot[widths.length];
        for (int i = 0; i < widths.length; i++) {
            projections[i] = slot(prefix + names.projections().get(i), widths[i], hidden, block.queryKeyValueBias());
        }
        attentionOutput = slot(prefix + names.required(BlockPart.OUTPUT), hidden, width, block.outputBias());
        boolean two = config.vision().map(VisionSettings::shiftExperts).orElse(false);
        boolean mixes = config.hasExperts(index);
        dense = mixes || two ? null : feedForward(prefix, names);
        Mixture ofTwo = two ? twoExperts(prefix, names) : null;
        experts = mixes ? mixture(prefix, names, config.experts().orElseThrow()) : ofTwo;
        angular = config.vision().map(VisionSettings::binary).orElse(false) ? angular(prefix, names) : null;
        boolean whole = block.queryKeyNorms() == BlockSettings.QueryKeyNorms.ALL_HEADS;
        queryNorm = norm(prefix, names.get(BlockPart.QUERY_NORM), whole ? width : config.headDim());
        keyNorm = norm(prefix, names.get(BlockPart.KEY_NORM), whole ? keyWidth : config.headDim());
        attention = AttentionShape.of(config, index, rope, whole ? null : queryNorm, whole ? null : keyNorm);
        attentionNorm = norm(prefix, names.get(BlockPart.ATTENTION_NORM), hidden);
        mixedNorm = norm(prefix, names.get(BlockPart.MIXED_NORM), width);
        attentionOutputNorm = norm(prefix, names.get(BlockPart.OUTPUT_NORM), hidden);
        feedForwardNorm = norm(prefix, names.get(BlockPart.FEED_FORWARD_NORM), hidden);
        innerNorm = norm(prefix, names.get(BlockPart.INNER_NORM), config.intermediateSize());
        feedForwardOutputNorm = norm(prefix, names.get(BlockPart.DOWN_NORM), hidden);
    }

    private DecoderBlock(DecoderBlock other, Map<String, ? extends LinearLayer> layers) {
        config = other.config;
        weights = other.weights;
        attention = other.attention;
        norms.putAll(other.norms);
        other.slots.forEach((name, slot) -> slots.put(name, slot.with(layers)));
        projections = Arrays.stream(other.projections).map(this::mine).toArray(LinearSlot[]::new);
        attentionOutput = mine(other.attentionOutput);
        FeedForward feedForward = other.dense;
        dense = feedForward == null ? null : feedForward.with(this::mine);
        experts = other.experts == null ? null : other.experts.with(this::mine);
        angular = other.angular;
        attentionNorm = other.attentionNorm;
        queryNorm = other.queryNorm;
        keyNorm = other.keyNorm;
        mixedNorm = other.mixedNorm;
        attentionOutputNorm = other.attentionOutputNorm;
        feedForwardNorm = other.feedForwardNorm;
        innerNorm = other.innerNorm;
        feedForwardOutputNorm = other.feedForwardOutputNorm;
    }

    private LinearSlot mine(LinearSlot ofAnother) {
        return slot(ofAnother.name());
    }

    /**
     * This block with other layers in the place of some of its own; they bring their own biases.
     *
     * @param layers by their names, of the shapes of those they stand for
     * @throws IllegalArgumentException if the block has no layer of a name, or one of another shape
     */
    public DecoderBlock with(Map<String, ? extends LinearLayer> layers) {
        layers.keySet().forEach(this::slot);
        return new DecoderBlock(this, layers);
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

    /** The layers of a feed-forward that all tokens go through. */
    private record FeedForward(@Nullable LinearSlot gate, LinearSlot up, LinearSlot down) {

        FeedForward with(UnaryOperator<LinearSlot> others) {
            return new FeedForward(gate == null ? null : others.apply(gate), others.apply(up), others.apply(down));
        }
    }

    private FeedForward feedForward(String prefix, BlockNames names) {
        int hidden = config.hiddenSize();
        int inner = config.intermediateSize();
        boolean bias = config.block().feedForwardBias();
        String gate = names.get(BlockPart.GATE);
        LinearSlot gateSlot = gate == null ? null : slot(prefix + gate, inner, hidden, bias);
        int upWidth = config.block().gate() == BlockSettings.Gate.FUSED ? 2 * inner : inner;
        LinearSlot up = slot(prefix + names.required(BlockPart.UP), upWidth, hidden, bias);
        return new FeedForward(gateSlot, up, slot(prefix + names.required(BlockPart.DOWN), hidden, inner, bias));
    }

    private ExpertMixture mixture(String prefix, BlockNames names, ExpertSettings settings) {
        int hidden = config.hiddenSize();
        int inner = settings.width();
        List<ExpertMixture.Expert> all = new ArrayList<>();
        for (int i = 0; i < settings.count(); i++) {
            String number = Integer.toString(i);
            UnaryOperator<String> own = name -> prefix + name.replace("#", number);
            all.add(new ExpertMixture.Expert(
                    slot(own.apply(names.required(BlockPart.EXPERT_GATE)), inner, hidden, false),
                    slot(own.apply(names.required(BlockPart.EXPERT_UP)), inner, hidden, false),
                    slot(own.apply(names.required(BlockPart.EXPERT_DOWN)), hidden, inner, false)));
        }
        LinearLayer router = weights.linear(prefix + names.required(BlockPart.ROUTER), settings.count(), hidden, false);
        return new ExpertMixture(config, router, all, inner);
    }

    private TokenExperts twoExperts(String prefix, BlockNames names) {
        int hidden = config.hiddenSize();
        int inner = config.intermediateSize();
        String router = prefix + names.required(BlockPart.ROUTER);
        return new TokenExperts(
                config,
                router,
                weights.values(router + ".weight", TokenExperts.EXPERTS, hidden),
                slot(prefix + names.required(BlockPart.UP), inner, hidden, true),
                slot(prefix + names.required(BlockPart.DOWN), hidden, inner, true),
                weights.shifts(prefix + names.required(BlockPart.SHIFT_UP), inner, hidden),
                weights.shifts(prefix + names.required(BlockPart.SHIFT_DOWN), hidden, inner));
    }

    private AngularAttention.Parameters angular(String prefix, BlockNames names) {
        int heads = config.heads();
        int d = config.headDim();
        return new AngularAttention.Parameters(
                heads,
                d,
                weights.values(prefix + names.required(BlockPart.QUERY_THRESHOLD), heads, d),
                weights.values(prefix + names.required(BlockPart.KEY_THRESHOLD), heads, d),
                weights.values(
                        prefix + names.required(BlockPart.VALUE_CONVOLUTION) + ".weight",
                        heads,
                        AngularAttention.TAPS));
    }

    private FeedForward dense() {
        return Objects.requireNonNull(dense, "the block's feed-forward is a mixture of experts");
    }

    /** Null where all tokens go through one feed-forward. */
    @Nullable
    Mixture experts() {
        return experts;
    }

    private @Nullable Norm norm(String prefix, @Nullable String name, int width) {
        if (name == null) {
            return null;
        }
        Norm norm = weights.norm(prefix + name, width);
        norms.put(prefix + name, norm);
        return norm;
    }

    private LinearSlot slot(String name, int outputs, int inputs, boolean hasBias) {
        LinearSlot slot = new LinearSlot(name, weights.linear(name, outputs, inputs, hasBias), hasBias);
        slots.put(name, slot);
        return slot;
    }

    /** A norm and the name of its tensors without {@code .weight} and {@code .bias}. */
    public record NamedNorm(String name, Norm norm) {}

    /**
     * What a block without experts is made of, for those who compute with it in another way than {@link #forward}.
     *
     * @param projections names of the layers of queries, keys and values, or of the one for all three
     * @param gate null where feed-forward is not gated, or where {@code up} gives the gate, too
     * @param attentionNorm before attention, or after its residual addition; null for none, as all norms
     * @param queryNorm on queries before they are rotated, each head's or all heads' together
     * @param mixedNorm on what attention mixed, before its last layer
     * @param innerNorm on what feed-forward's last layer sees
     */
    public record Anatomy(
            AttentionShape attention,
            List<String> projections,
            String attentionOutput,
            @Nullable String gate,
            String up,
            String down,
            @Nullable NamedNorm attentionNorm,
            @Nullable NamedNorm queryNorm,
            @Nullable NamedNorm keyNorm,
            @Nullable NamedNorm mixedNorm,
            @Nullable NamedNorm attentionOutputNorm,
            @Nullable NamedNorm feedForwardNorm,
            @Nullable NamedNorm innerNorm,
            @Nullable NamedNorm feedForwardOutputNorm) {}

    /** Of linear attention over binary codes; null where attention is softmax. */
    public AngularAttention.@Nullable Parameters angular() {
        return angular;
    }

    public Anatomy anatomy() {
        return new Anatomy(
                attention,
                projectionNames(),
                attentionOutput.name(),
                dense().gate() == null ? null : dense().gate().name(),
                dense().up().name(),
                dense().down().name(),
                named(attentionNorm),
                named(queryNorm),
                named(keyNorm),
                named(mixedNorm),
                named(attentionOutputNorm),
                named(feedForwardNorm),
                named(innerNorm),
                named(feedForwardOutputNorm));
    }

    private @Nullable NamedNorm named(@Nullable Norm norm) {
        return norms.entrySet().stream()
                .filter(entry -> entry.getValue() == norm)
                .map(entry -> new NamedNorm(entry.getKey(), entry.getValue()))
                .findFirst()
                .orElse(null);
    }

    /** Names of the linear layers in the order in which they run: their tensors' names without {@code .weight}. */
    public List<String> linearNames() {
        return List.copyOf(slots.keySet());
    }

    /** @throws IllegalArgumentException if the block has no such layer */
    public LinearLayer linear(String name) {
        return slot(name).layer();
    }

    private LinearSlot slot(String name) {
        LinearSlot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException("the block has " + slots.keySet() + ", not '" + name + "'");
        }
        return slot;
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
        return weights.biasOf(name, layer.outputs(), slot(name).hasBias());
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
            mix(pass, before(pass, attentionNorm, hidden, normed), mixed);
            if (experts != null) {
                endAttention(pass, mixed, hidden);
                experts.forward(pass, before(pass, feedForwardNorm, hidden, normed), hidden);
                return;
            }
            float[] inner = pass.array(Shared.UP, config.intermediateSize());
            if (isParallel()) {
                float[] input = before(pass, feedForwardNorm, hidden, normed);
                inner(pass, input, inner);
                endAttention(pass, mixed, hidden);
            } else {
                endAttention(pass, mixed, hidden);
                inner(pass, before(pass, feedForwardNorm, hidden, normed), inner);
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
        return Arrays.stream(projections).map(LinearSlot::name).toList();
    }

    String attentionOutputName() {
        return attentionOutput.name();
    }

    List<String> innerNames() {
        LinearSlot gate = dense().gate();
        String up = dense().up().name();
        return gate == null ? List.of(up) : List.of(gate.name(), up);
    }

    String downName() {
        return dense().down().name();
    }

    /** Whether nothing lies between a half's last linear layer and the residual addition, or after that. */
    boolean addsOutputsAsTheyAre() {
        return config.block().normFirst()
                && !config.block().residualFromNorm()
                && config.residualScale() == 1
                && attentionOutputNorm == null
                && feedForwardOutputNorm == null;
    }

    /** Whether feed-forward starts from the block's input, as attention does. */
    boolean isParallel() {
        return config.block().parallel();
    }

    /** What queries, keys and values are made from, into {@code input}. */
    void attentionInput(Pass pass, float[] hidden, float[] input) {
        copyInput(pass, attentionNorm, hidden, input);
    }

    /** What gate and up are made from, into {@code input}. */
    void feedForwardInput(Pass pass, float[] hidden, float[] input) {
        copyInput(pass, feedForwardNorm, hidden, input);
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
        boolean fused = projections.length == 1;
        float[] queries = pass.list(projections[0], Shared.QUERY);
        float[] keys = fused ? queries : pass.list(projections[1], Shared.KEY);
        float[] values = fused ? queries : pass.list(projections[2], Shared.VALUE);
        pass.applyListed(input);
        if (queryNorm != null && keyNorm != null && attention.queryNorm() == null) {
            pass.norm(queryNorm, queries, queries);
            pass.norm(keyNorm, keys, keys);
        }
        float clip = config.attention().clip();
        if (clip > 0) {
            for (int i = 0; i < projections.length; i++) {
                float[] y = i == 0 ? queries : i == 1 ? keys : values;
                pass.clip(clip, y, projections[i].layer().outputs());
            }
        }
        if (angular != null) {
            pass.attend(angular, queries, keys, values, mixed);
        } else {
            pass.attend(attention, queries, keys, values, mixed);
        }
        if (mixedNorm != null) {
            pass.norm(mixedNorm, mixed, mixed);
        }
        round(pass, mixed, attentionOutput.layer().inputs());
    }

    /** Attention's last linear layer and its addition to the hidden state. */
    void endAttention(Pass pass, float[] mixed, float[] hidden) {
        float[] output = pass.apply(attentionOutput, mixed, Shared.OUTPUT);
        after(pass, attentionNorm, attentionOutputNorm, hidden, output);
    }

    /** Feed-forward up to its last linear layer. */
    void inner(Pass pass, float[] input, float[] inner) {
        int width = config.intermediateSize();
        Activation activation = config.activation();
        LinearSlot gate = dense().gate();
        LinearSlot up = dense().up();
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
        if (innerNorm != null) {
            pass.norm(innerNorm, inner, inner);
        }
        round(pass, inner, width);
    }

    /** Feed-forward's last linear layer and its addition to the hidden state. */
    void endFeedForward(Pass pass, float[] inner, float[] hidden) {
        float[] output = pass.apply(dense().down(), inner, Shared.OUTPUT);
        after(pass, feedForwardNorm, feedForwardOutputNorm, hidden, output);
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

package io.shiftadd.model;

import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.BlockAnatomy.NamedNorm;
import io.shiftadd.model.attention.AngularAttention;
import io.shiftadd.model.attention.AttentionShape;
import io.shiftadd.model.attention.Rope;
import io.shiftadd.model.family.BlockNames;
import io.shiftadd.model.family.BlockPart;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelConfig.BlockSettings;
import io.shiftadd.model.family.ModelConfig.ExpertSettings;
import io.shiftadd.model.family.ModelNames;
import io.shiftadd.model.family.VisionSettings;
import io.shiftadd.model.layers.Norm;
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
 * What one block is made of, as its checkpoint and its family's names have it: linear layers by their names, norms, and
 * the shape of attention. Immutable.
 */
final class BlockParts {

    private final ModelConfig config;
    private final Weights weights;
    final AttentionShape attention;
    private final Map<String, LinearSlot> slots = new LinkedHashMap<>();
    private final Map<String, Norm> norms = new LinkedHashMap<>();
    final LinearSlot[] projections;
    final LinearSlot attentionOutput;
    private final @Nullable FeedForward dense;
    final @Nullable Mixture experts;
    final AngularAttention.@Nullable Parameters angular;
    final @Nullable Norm attentionNorm;
    final @Nullable Norm queryNorm;
    final @Nullable Norm keyNorm;
    final @Nullable Norm mixedNorm;
    final @Nullable Norm attentionOutputNorm;
    final @Nullable Norm feedForwardNorm;
    final @Nullable Norm innerNorm;
    final @Nullable Norm feedForwardOutputNorm;

    BlockParts(ModelConfig config, Weights weights, int index, @Nullable Rope rope) {
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

    /** @param lean of a router of two experts; null to leave it as it is */
    private BlockParts(BlockParts other, Map<String, ? extends LinearLayer> layers, @Nullable Float lean) {
        config = other.config;
        weights = other.weights;
        attention = other.attention;
        norms.putAll(other.norms);
        other.slots.forEach((name, slot) -> slots.put(name, slot.with(layers)));
        projections = Arrays.stream(other.projections).map(this::mine).toArray(LinearSlot[]::new);
        attentionOutput = mine(other.attentionOutput);
        FeedForward feedForward = other.dense;
        dense = feedForward == null ? null : feedForward.with(this::mine);
        Mixture mine = other.experts == null ? null : other.experts.with(this::mine);
        experts = mine instanceof TokenExperts two && lean != null ? two.leaning(lean) : mine;
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

    /**
     * The same with other layers in the place of some.
     *
     * @throws IllegalArgumentException if there is no layer of a name, or one of another shape
     */
    BlockParts with(Map<String, ? extends LinearLayer> layers) {
        layers.keySet().forEach(this::slot);
        return new BlockParts(this, layers, null);
    }

    /** The same with a router of two experts that leans. */
    BlockParts leaning(float lean) {
        return new BlockParts(this, Map.of(), lean);
    }

    private LinearSlot mine(LinearSlot ofAnother) {
        return slot(ofAnother.name());
    }

    /** The layers of a feed-forward that all tokens go through. */
    record FeedForward(@Nullable LinearSlot gate, LinearSlot up, LinearSlot down) {

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
                weights.shifts(prefix + names.required(BlockPart.SHIFT_DOWN), hidden, inner),
                weights.has(router + DecoderBlock.LEAN) ? weights.values(router + DecoderBlock.LEAN, 1)[0] : 0);
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

    FeedForward dense() {
        return Objects.requireNonNull(dense, "the block's feed-forward is a mixture of experts");
    }

    /** The norm with its name. */
    @Nullable
    NamedNorm named(@Nullable Norm norm) {
        return norms.entrySet().stream()
                .filter(entry -> entry.getValue() == norm)
                .map(entry -> new NamedNorm(entry.getKey(), entry.getValue()))
                .findFirst()
                .orElse(null);
    }

    /** Names of the linear layers in the order in which they run. */
    List<String> linearNames() {
        return List.copyOf(slots.keySet());
    }

    /** @throws IllegalArgumentException if the block has no such layer */
    LinearSlot slot(String name) {
        LinearSlot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException("the block has " + slots.keySet() + ", not '" + name + "'");
        }
        return slot;
    }
}

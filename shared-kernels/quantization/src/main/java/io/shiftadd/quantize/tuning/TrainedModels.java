package io.shiftadd.quantize.tuning;

import io.shiftadd.model.BlockAnatomy;
import io.shiftadd.model.BlockAnatomy.NamedNorm;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.attention.AttentionShape;
import io.shiftadd.model.attention.Rope;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelConfig.BlockSettings;
import io.shiftadd.quantize.backward.BlockShape;
import io.shiftadd.quantize.backward.RotaryTable;
import io.shiftadd.quantize.backward.TrainedBlock;
import io.shiftadd.quantize.backward.TrainedHead;
import io.shiftadd.quantize.backward.TrainedLinear;
import io.shiftadd.quantize.backward.TrainedNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A model's blocks and head as the backward pass wants them. */
final class TrainedModels {

    private TrainedModels() {}

    /** Whether all that the model computes has its backward pass. */
    static boolean canBeTuned(ModelConfig config) {
        return !config.block().roundedInputs() && config.experts().isEmpty() && config.causal();
    }

    /**
     * @param layers gives a block's layer of a name
     * @param length tokens of a sequence
     */
    static List<TrainedBlock> blocks(CausalLanguageModel model, BlockLayers layers, int length) {
        ModelConfig config = model.config();
        if (!canBeTuned(config)) {
            throw new IllegalArgumentException(
                    "models of model_type " + config.family().modelType()
                            + " cannot be tuned: rounded inputs, routers of experts and attention to later tokens have no gradient here");
        }
        List<TrainedBlock> blocks = new ArrayList<>();
        for (int i = 0; i < model.blockCount(); i++) {
            DecoderBlock block = model.block(i);
            blocks.add(block(model.config(), block, name -> layers.layer(block, name), length));
        }
        return blocks;
    }

    @FunctionalInterface
    interface BlockLayers {
        TrainedLinear layer(DecoderBlock block, String name);
    }

    private static TrainedBlock block(
            ModelConfig config, DecoderBlock block, Function<String, TrainedLinear> layers, int length) {
        BlockAnatomy anatomy = block.anatomy();
        AttentionShape attention = anatomy.attention();
        BlockShape shape = new BlockShape(
                config.hiddenSize(),
                config.intermediateSize(),
                attention,
                rotary(attention.rope(), length),
                config.activation(),
                config.block().normFirst(),
                config.block().residualFromNorm(),
                config.residualScale(),
                config.block().parallel(),
                config.block().gate() == BlockSettings.Gate.FUSED,
                config.block().queryKeyNorms() == BlockSettings.QueryKeyNorms.ALL_HEADS);
        return new TrainedBlock(
                shape,
                anatomy.projections().stream().map(layers).toList(),
                layers.apply(anatomy.attentionOutput()),
                anatomy.gate() == null ? null : layers.apply(anatomy.gate()),
                layers.apply(anatomy.up()),
                layers.apply(anatomy.down()),
                norm(anatomy.attentionNorm()),
                norm(anatomy.attentionOutputNorm()),
                norm(anatomy.feedForwardNorm()),
                norm(anatomy.feedForwardOutputNorm()),
                norm(anatomy.queryNorm()),
                norm(anatomy.keyNorm()));
    }

    /** The head, which is the original's or a packed one expanded. */
    static TrainedHead head(CausalLanguageModel model, float[] weights) {
        ModelConfig config = model.config();
        return new TrainedHead(
                norm(model.finalNorm()),
                model.outputProjection(),
                weights,
                config.hiddenSize(),
                config.embeddingSize(),
                config.vocabularySize(),
                config.logitScale(),
                config.logitSoftCap());
    }

    static @Nullable TrainedNorm norm(@Nullable NamedNorm named) {
        return named == null
                ? null
                : new TrainedNorm(
                        named.norm().settings(),
                        named.norm().weight(),
                        named.norm().bias());
    }

    private static @Nullable RotaryTable rotary(@Nullable Rope rope, int length) {
        if (rope == null) {
            return null;
        }
        int half = rope.half();
        float[] cosines = new float[length * half];
        float[] sines = new float[length * half];
        float[] angles = new float[2 * half];
        for (int position = 0; position < length; position++) {
            rope.compute(position, length, angles);
            System.arraycopy(angles, 0, cosines, position * half, half);
            System.arraycopy(angles, half, sines, position * half, half);
        }
        return new RotaryTable(half, cosines, sines);
    }
}

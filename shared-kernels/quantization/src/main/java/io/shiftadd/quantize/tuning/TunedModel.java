package io.shiftadd.quantize.tuning;

import io.shiftadd.format.DType;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.BlockAnatomy.NamedNorm;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What tuning made of a model.
 *
 * @param blocks per block: its packed layers by their names, in the order in which they run
 * @param norms all that were trained
 */
public record TunedModel(List<Map<String, PackedLinear>> blocks, List<TunedNorm> norms) {

    /** The model that they were tuned for, with these layers; its norms are changed in place, so not while it runs. */
    public CausalLanguageModel in(CausalLanguageModel model) {
        Map<String, TunedNorm> byName = norms.stream().collect(Collectors.toMap(TunedNorm::name, Function.identity()));
        for (int i = 0; i < model.blockCount(); i++) {
            DecoderBlock block = model.block(i);
            for (NamedNorm norm : TrainedNorms.of(block)) {
                replace(norm, byName);
            }
        }
        if (model.finalNorm() != null) {
            replace(model.finalNorm(), byName);
        }
        Map<String, PackedLinear> layers = new HashMap<>();
        blocks.forEach(layers::putAll);
        return model.with(layers);
    }

    /**
     * The norms as a checkpoint of the original's family holds them, in float32: their steps are too small for 16 bits.
     *
     * @param settings of the model's norms; those without parameters in the file have none to write
     */
    public void writeNorms(NormSettings settings, SafetensorsWriter writer) {
        if (!settings.affine()) {
            return;
        }
        float offset = settings.unitOffset() ? 1 : 0;
        for (TunedNorm norm : norms) {
            float[] weight = norm.weight().clone();
            for (int i = 0; i < weight.length; i++) {
                weight[i] -= offset;
            }
            writer.add(norm.name() + ".weight", DType.F32, new long[] {weight.length}, weight);
            if (norm.bias() != null) {
                writer.add(norm.name() + ".bias", DType.F32, new long[] {weight.length}, norm.bias());
            }
        }
    }

    private static void replace(NamedNorm norm, Map<String, TunedNorm> byName) {
        TunedNorm tuned = Objects.requireNonNull(byName.get(norm.name()));
        norm.norm().replace(tuned.weight(), tuned.bias());
    }
}

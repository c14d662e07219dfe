package io.shiftadd.quantize.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.shiftadd.format.FormatException;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.calibration.SelfSampler;
import io.shiftadd.quantize.reparameterization.BlockResult;
import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.ModelReparameterizer;
import io.shiftadd.quantize.reparameterization.ProgressListener;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a sample model, with text that it has written itself. */
class TunerTest {

    private static final Path SAMPLE = Path.of("../../samples/llama-mini");
    private static final int STEPS = 8;
    private static final TuningSettings SETTINGS = new TuningSettings(STEPS, 2, 48, 0.005f, 0.02f, 0.001f, 3);

    @TempDir
    private static Path directory;

    private static int[][] texts = {};
    private static List<Map<String, PackedLinear>> packed = List.of();

    @BeforeAll
    static void pack() {
        try (KernelContext context = KernelContext.create(2);
                CausalLanguageModel model = CausalLanguageModel.open(SAMPLE)) {
            texts = new SelfSampler(model, model.config().bosToken(), context).sample(2, 48, 1);
            ReparameterizationSettings settings = ReparameterizationSettings.paper(Method.LAT);
            ModelReparameterizer reparameterizer = new ModelReparameterizer(model, settings, context);
            Map<String, Integer> bits = new HashMap<>();
            for (int i = 0; i < model.blockCount(); i++) {
                model.block(i).linearNames().forEach(name -> bits.put(name, 2));
            }
            List<Map<String, PackedLinear>> all = new ArrayList<>();
            for (BlockResult block : reparameterizer.run(directory, texts, bits, ProgressListener.NONE)) {
                Map<String, PackedLinear> layers = new LinkedHashMap<>();
                block.layers().forEach(layer -> layers.put(layer.layer(), (PackedLinear) layer.served()));
                all.add(layers);
            }
            packed = all;
        }
    }

    @Test
    void bringsTheModelNearerToItsOriginal() {
        List<Double> losses = new ArrayList<>();
        TunedModel tuned = tune(2, losses, false);
        assertThat(losses.getLast()).isLessThan(0.8 * losses.getFirst());
        assertThat(tuned.norms()).isNotEmpty();
    }

    @Test
    void changesScalesAndCodesAndNoSizes() {
        // Large steps, so that few of them take some weights across to another sum.
        TunedModel tuned = tune(SETTINGS.withLatentStep(0.3f), 2, new ArrayList<>(), false);
        int otherCodes = 0;
        for (Map<String, PackedLinear> block : packed) {
            for (Map.Entry<String, PackedLinear> layer : block.entrySet()) {
                PackedLinear before = layer.getValue();
                PackedLinear after = layerOf(tuned, layer.getKey());
                assertThat(after.weightBytes()).isEqualTo(before.weightBytes());
                assertThat(Arrays.equals(
                                after.unpack().scales().encoded(),
                                before.unpack().scales().encoded()))
                        .isFalse();
                otherCodes +=
                        Arrays.mismatch(after.unpack().codes(), before.unpack().codes()) >= 0 ? 1 : 0;
            }
        }
        assertThat(otherCodes).isPositive();
    }

    @Test
    void givesTheSameBitsOnAnyNumberOfThreadsAndAfterABreak() {
        TunedModel once = tune(2, new ArrayList<>(), false);
        TunedModel alone = tune(1, new ArrayList<>(), false);
        TunedModel broken = tune(2, new ArrayList<>(), true);
        for (Map<String, PackedLinear> block : once.blocks()) {
            block.forEach((name, layer) -> {
                for (TunedModel other : List.of(alone, broken)) {
                    assertThat(layerOf(other, name).unpack().codes())
                            .isEqualTo(layer.unpack().codes());
                    assertThat(layerOf(other, name).unpack().scales().encoded())
                            .isEqualTo(layer.unpack().scales().encoded());
                }
            });
        }
        for (int i = 0; i < once.norms().size(); i++) {
            assertThat(alone.norms().get(i).weight())
                    .isEqualTo(once.norms().get(i).weight());
            assertThat(broken.norms().get(i).weight())
                    .isEqualTo(once.norms().get(i).weight());
        }
    }

    @Test
    void meansInHalvesLoseNextToNothingAndGoOnFromABreakToo() {
        List<Double> floats = new ArrayList<>();
        List<Double> halves = new ArrayList<>();
        tune(2, floats, false);
        TunedModel once = tune(SETTINGS, 2, halves, false, true);
        TunedModel broken = tune(SETTINGS, 1, new ArrayList<>(), true, true);
        assertThat(halves.getLast()).isCloseTo(floats.getLast(), withinPercentage(2));
        for (Map<String, PackedLinear> block : once.blocks()) {
            block.forEach(
                    (name, layer) -> assertThat(layerOf(broken, name).unpack().codes())
                            .isEqualTo(layer.unpack().codes()));
        }
    }

    @Test
    void refusesACheckpointOfAnotherModel() {
        Path file = directory.resolve("other.safetensors");
        TuningCheckpoint.write(file, 3, Map.of("somebody/else", Numbers.of(new float[4])));
        try (KernelContext context = KernelContext.create(2);
                CausalLanguageModel model = CausalLanguageModel.open(SAMPLE)) {
            Tuner tuner = tuner(model, SETTINGS, context, false);
            assertThatThrownBy(() -> tuner.restore(file))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("holds other layers");
        }
    }

    private static PackedLinear layerOf(TunedModel model, String name) {
        return model.blocks().stream()
                .filter(block -> block.containsKey(name))
                .findFirst()
                .orElseThrow()
                .get(name);
    }

    private static TunedModel tune(int threads, List<Double> losses, boolean broken) {
        return tune(SETTINGS, threads, losses, broken);
    }

    private static TunedModel tune(TuningSettings settings, int threads, List<Double> losses, boolean broken) {
        return tune(settings, threads, losses, broken, false);
    }

    private static TunedModel tune(
            TuningSettings settings, int threads, List<Double> losses, boolean broken, boolean inHalves) {
        try (KernelContext context = KernelContext.create(threads);
                CausalLanguageModel model = CausalLanguageModel.open(SAMPLE)) {
            Tuner tuner = tuner(model, settings, context, inHalves);
            if (broken) {
                for (int i = 0; i < STEPS / 2; i++) {
                    losses.add(tuner.step(texts));
                }
                Path file = directory.resolve("checkpoint.safetensors");
                tuner.save(file);
                tuner = tuner(model, settings, context, inHalves);
                tuner.restore(file);
                assertThat(tuner.step()).isEqualTo(STEPS / 2);
            }
            tuner.run(texts, (_, loss) -> losses.add(loss));
            return tuner.result();
        }
    }

    private static Tuner tuner(
            CausalLanguageModel model, TuningSettings settings, KernelContext context, boolean inHalves) {
        return new Tuner(model, packed, model.headWeights(), model.head(), settings, context, inHalves);
    }
}

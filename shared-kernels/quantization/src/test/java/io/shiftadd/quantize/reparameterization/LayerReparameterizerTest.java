package io.shiftadd.quantize.reparameterization;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.calibration.SelfSampler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers fitted apart from their block, by way of files and another instance of the model. */
class LayerReparameterizerTest {

    private static final int BLOCKS = 2;

    @TempDir
    private Path directory;

    /** What a block's spread layers go through, with a model and a context of their own. */
    private final class Elsewhere implements LayerSpread {

        private final CausalLanguageModel model;
        private final ReparameterizationSettings settings;
        private final List<String> fitted = new ArrayList<>();

        Elsewhere(CausalLanguageModel model, ReparameterizationSettings settings) {
            this.model = model;
            this.settings = settings;
        }

        @Override
        public List<Checkpoint> fit(int block, int stage, List<String> layers, Consumer<Path> problem) {
            Path file = directory.resolve("stage-" + block + "-" + stage + ".safetensors");
            problem.accept(file);
            List<Checkpoint> files = new ArrayList<>();
            for (String layer : layers) {
                Path target = directory.resolve(layer + ".safetensors");
                try (KernelContext context = KernelContext.create(1)) {
                    new LayerReparameterizer(model, settings, context).reparameterize(file, layer, target);
                }
                fitted.add(layer);
                files.add(Checkpoint.open(target));
            }
            return files;
        }
    }

    /** One recipe aims at the original model and makes up for means by biases, one rotates where that helps. */
    @ParameterizedTest
    @CsvSource({"opt-mini, LAT", "opt-mini, ACC", "llama-mini, ACC"})
    void givesTheBytesOfALayerThatIsFittedWithItsBlock(String sample, Method method) throws Exception {
        same(sample, ReparameterizationSettings.of(method));
    }

    @Test
    void givesThemForThePublishedRecipeToo() throws Exception {
        same("llama-mini", ReparameterizationSettings.paper(Method.LAT));
    }

    private void same(String sample, ReparameterizationSettings settings) throws Exception {
        try (KernelContext context = KernelContext.create(2);
                CausalLanguageModel one = open(sample);
                CausalLanguageModel two = open(sample);
                CausalLanguageModel other = open(sample)) {
            int[][] windows = new SelfSampler(one, OptionalInt.of(1), context).sample(4, 40, 3);
            CalibrationSet together = CalibrationSet.create(directory.resolve("one"), one, windows);
            CalibrationSet apart = CalibrationSet.create(directory.resolve("two"), two, windows);
            Elsewhere elsewhere = new Elsewhere(other, settings);
            for (int block = 0; block < BLOCKS; block++) {
                Map<String, Integer> bits = new HashMap<>();
                one.block(block).linearNames().forEach(name -> bits.put(name, 2));
                BlockResult expected = new BlockReparameterizer(one, settings, context)
                        .reparameterize(block, together, bits, ProgressListener.NONE);
                BlockResult result = new BlockReparameterizer(two, settings, context, elsewhere)
                        .reparameterize(block, apart, bits, ProgressListener.NONE);
                for (int i = 0; i < expected.layers().size(); i++) {
                    assertThat(bytes(result.layers().get(i)))
                            .isEqualTo(bytes(expected.layers().get(i)));
                }
                assertThat(result.layers())
                        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds", "served")
                        .isEqualTo(expected.layers());
            }
            assertThat(elsewhere.fitted).isNotEmpty().allMatch(name -> !name.contains("down_proj"));
            Path states = Path.of("block-" + BLOCKS + "-reparameterized.f32");
            assertThat(directory.resolve("two").resolve(states))
                    .hasSameBinaryContentAs(directory.resolve("one").resolve(states));
        }
    }

    private byte[] bytes(LayerResult result) throws Exception {
        Path file = directory.resolve("compared.safetensors");
        FittedLayer.write(
                new LayerResult(
                        result.layer(),
                        result.inputs(),
                        result.outputs(),
                        result.bits(),
                        0,
                        0,
                        0,
                        0,
                        0,
                        result.served()),
                file);
        return Files.readAllBytes(file);
    }

    private static CausalLanguageModel open(String sample) {
        Path path = Path.of("../../samples", sample);
        return CausalLanguageModel.open(Files.isDirectory(path) ? path : Path.of("samples", sample));
    }
}

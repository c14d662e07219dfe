package io.shiftadd.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorInfo;
import io.shiftadd.format.TensorView;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.vision.ImagePreprocessor;
import io.shiftadd.model.vision.RgbImage;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The float pass over images against logits of the reference implementation. */
class ImageReferenceTest {

    private static final double LIMIT = 1e-4;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vit",
                "vit-later-names",
                "vit-grey-no-bias",
                "vit-mean",
                "vit-shiftadd",
                "deit",
                "deit-later-names",
                "deit-teacher"
            })
    void reproducesEveryLayout(String name) {
        Path directory = Layouts.images(name);
        try (ImageClassifier model = ImageClassifier.open(directory);
                Checkpoint reference = Checkpoint.open(directory.resolve("reference.safetensors"));
                KernelContext context = KernelContext.create(2)) {
            float[] pixels = reference.tensor("pixel_values").toFloatArray();
            assertClose(
                    logits(model, pixels, context), reference.tensor("logits").toFloatArray());
        }
    }

    /** From bytes of pixels on, and the values that the reference's preprocessor makes of them. */
    @Test
    void reproducesTheTrainedModel() {
        Path directory = SharedFiles.require("models/vit-mini");
        try (ImageClassifier model = ImageClassifier.open(directory);
                Checkpoint images = Checkpoint.open(SharedFiles.require("data/images/cifar10-256.safetensors"));
                Checkpoint reference = Checkpoint.open(directory.resolve("reference.safetensors"));
                KernelContext context = KernelContext.create(2)) {
            float[] pixels = pixels(directory, model.config(), images.tensor("pixels"));
            float[] first = reference.tensor("pixel_values").toFloatArray();
            assertThat(Arrays.copyOf(pixels, first.length)).containsExactly(first, within(1e-6f));
            assertClose(
                    logits(model, pixels, context), reference.tensor("logits").toFloatArray());
        }
    }

    private static float[] pixels(Path directory, ModelConfig config, TensorView decoded) {
        ImagePreprocessor preprocessor = ImagePreprocessor.of(directory, config);
        byte[] all = decoded.toByteArray();
        int count = Math.toIntExact(decoded.shape()[0]);
        int bytes = all.length / count;
        float[] pixels = new float[count * preprocessor.values()];
        for (int i = 0; i < count; i++) {
            RgbImage image = new RgbImage(32, 32, Arrays.copyOfRange(all, i * bytes, (i + 1) * bytes));
            preprocessor.apply(image, pixels, i * preprocessor.values());
        }
        return pixels;
    }

    private static float[] logits(ImageClassifier model, float[] pixels, KernelContext context) {
        int images = pixels.length / model.vision().pixelValues();
        float[] logits = new float[images * model.config().vocabularySize()];
        model.logits(pixels, images, logits, context);
        return logits;
    }

    private static void assertClose(float[] actual, float[] expected) {
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(actual).containsExactly(expected, within((float) (LIMIT * largest)));
    }

    @Test
    void givesTheSameBitsOnAnyNumberOfThreads() {
        try (ImageClassifier model = ImageClassifier.open(Layouts.images("deit"));
                KernelContext one = KernelContext.create(1);
                KernelContext three = KernelContext.create(3)) {
            float[] pixels = random(model.vision().pixelValues() * 7);
            assertThat(logits(model, pixels, one)).isEqualTo(logits(model, pixels, three));
        }
    }

    @ParameterizedTest
    @CsvSource({"deit, 192, 3, 198", "vit, 768, 12, 197"})
    void runsTheShapesOfPublishedModels(String family, int hidden, int heads, int tokens) {
        String json = """
                {"model_type": "%s", "hidden_size": %d, "num_attention_heads": %d, "intermediate_size": %d,
                 "num_labels": 1000}""".formatted(family, hidden, heads, 4 * hidden);
        ModelConfig config = ModelConfig.parse(json.getBytes(StandardCharsets.UTF_8), "config.json");
        assertThat(config.contextLength()).isEqualTo(tokens);
        try (ImageClassifier model = ImageClassifier.of(config, new RandomWeights(config, family + "."));
                KernelContext context = KernelContext.create(2)) {
            float[] logits = logits(model, random(model.vision().pixelValues()), context);
            assertThat(logits).hasSize(1000);
            for (float logit : logits) {
                assertThat(logit).isFinite();
            }
        }
    }

    private static float[] random(int count) {
        Random random = new Random(5);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void refusesAnEncoderWithoutAHead() {
        ModelConfig config = ModelConfig.read(Layouts.images("vit"));
        Checkpoint whole = Checkpoint.open(Layouts.images("vit"));
        try (Checkpoint encoder = new Without(whole, "classifier.weight")) {
            assertThatThrownBy(() -> ImageClassifier.of(config, encoder))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("classifier.weight")
                    .hasMessageContaining("fine-tuned for classification");
        }
    }

    @Test
    void aModelOfAnotherKindSaysSo() {
        Path image = Layouts.images("vit");
        assertThatThrownBy(() -> CausalLanguageModel.open(image)).hasMessageContaining("is a model of images");
        Path text = Layouts.directory("llama-biases");
        assertThatThrownBy(() -> ImageClassifier.open(text)).hasMessageContaining("is a language model");
        try (Transformer one = Transformer.open(image);
                Transformer other = Transformer.open(text)) {
            assertThat(one).isInstanceOf(ImageClassifier.class);
            assertThat(other).isInstanceOf(CausalLanguageModel.class);
        }
    }

    /** A checkpoint short of one tensor. */
    private record Without(Checkpoint whole, String missing) implements Checkpoint {

        @Override
        public Set<String> names() {
            return whole.names().stream().filter(name -> !name.equals(missing)).collect(Collectors.toSet());
        }

        @Override
        public TensorView tensor(String name) {
            return whole.tensor(name);
        }

        @Override
        public Map<String, String> metadata() {
            return Map.of();
        }

        @Override
        public void close() {
            whole.close();
        }
    }

    /** Any tensor that is asked for, out of one supply of random numbers, so that large models take little memory. */
    private static final class RandomWeights implements Checkpoint {

        private final ModelConfig config;
        private final String prefix;
        private final MemorySegment supply;

        RandomWeights(ModelConfig config, String prefix) {
            this.config = config;
            this.prefix = prefix;
            int most = config.hiddenSize() * Math.max(config.intermediateSize(), 1000);
            float[] values = random(most);
            for (int i = 0; i < most; i++) {
                values[i] *= 0.02f;
            }
            supply = MemorySegment.ofArray(values);
        }

        @Override
        public Set<String> names() {
            return Set.of(prefix + "encoder.layer.0.attention.attention.query.weight", "classifier.weight");
        }

        @Override
        public boolean contains(String name) {
            return name.equals("classifier.weight") || name.endsWith(".bias");
        }

        @Override
        public TensorView tensor(String name) {
            long[] shape = shape(name);
            long bytes = TensorInfo.elementCount(shape) * Float.BYTES;
            return new TensorView(name, DType.F32, shape, supply.asSlice(0, bytes));
        }

        private long[] shape(String name) {
            long hidden = config.hiddenSize();
            long inner = config.intermediateSize();
            boolean bias = name.endsWith(".bias");
            if (name.endsWith("_token")) {
                return new long[] {1, 1, hidden};
            }
            if (name.endsWith("position_embeddings")) {
                return new long[] {1, config.contextLength(), hidden};
            }
            if (name.endsWith("projection.weight")) {
                return new long[] {hidden, 3, 16, 16};
            }
            if (name.contains("layernorm") || bias && !name.contains("intermediate") && !name.contains("classifier")) {
                return new long[] {hidden};
            }
            long outputs = name.contains("classifier") ? 1000 : name.contains("intermediate") ? inner : hidden;
            long inputs = name.endsWith("output.dense.weight") && !name.contains("attention") ? inner : hidden;
            return bias ? new long[] {outputs} : new long[] {outputs, inputs};
        }

        @Override
        public Map<String, String> metadata() {
            return Map.of();
        }

        @Override
        public void close() {}
    }

    @Test
    void aDirectoryOfWeightsThatTheModelWouldNotUseIsRefused(@TempDir Path temporary) throws Exception {
        Path source = Layouts.images("vit");
        Files.copy(source.resolve("model.safetensors"), temporary.resolve("model.safetensors"));
        String config = Files.readString(source.resolve("config.json"));
        Files.writeString(
                temporary.resolve("config.json"),
                config.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1"));
        assertThatThrownBy(() -> ImageClassifier.open(temporary)).hasMessageContaining("has weights of block 1");
    }
}

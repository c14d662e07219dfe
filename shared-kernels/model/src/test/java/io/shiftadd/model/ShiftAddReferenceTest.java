package io.shiftadd.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.TensorView;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.attention.AngularAttention;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.layers.ShiftLinear;
import io.shiftadd.model.vision.ImagePreprocessor;
import io.shiftadd.model.vision.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention over binary codes, shift layers and experts against the trained models' references and plain loops. */
class ShiftAddReferenceTest {

    private static final double EQUAL = 0.999;

    /** What a pass shows: the codes of the first images, and the experts of all. */
    private static final class Watch implements LinearInputObserver {

        private final ImageClassifier model;
        private final int codedTokens;
        private final Map<String, List<Long>> codes = new HashMap<>();
        private final Map<String, List<Integer>> experts = new HashMap<>();

        Watch(ImageClassifier model, int codedTokens) {
            this.model = model;
            this.codedTokens = codedTokens;
        }

        @Override
        public void observe(String name, float[] x, int tokens, int inputs) {
            for (int i = 0; i < model.blockCount(); i++) {
                DecoderBlock block = model.block(i);
                AngularAttention.Parameters shape = block.angular();
                int place = block.projectionNames().indexOf(name);
                if (shape != null && place >= 0 && place < 2) {
                    List<Long> known = codes.computeIfAbsent(
                            (place == 0 ? "query" : "key") + "_codes." + i, _ -> new ArrayList<>());
                    if (known.size() < codedTokens * shape.heads()) {
                        float[] y = new float[tokens * block.linear(name).outputs()];
                        try (KernelContext own = KernelContext.create(1)) {
                            block.linear(name).forward(x, y, tokens, own);
                        }
                        float[] thresholds = place == 0 ? shape.queryThresholds() : shape.keyThresholds();
                        for (int at = 0; at < tokens * shape.heads(); at++) {
                            int head = at % shape.heads();
                            known.add(AngularAttention.code(
                                    y, at * shape.headDim(), shape.headDim(), thresholds, head * shape.headDim()));
                        }
                    }
                }
            }
        }

        @Override
        public void routed(String router, int[] chosen, float[] margins) {
            int block = Integer.parseInt(router.replaceAll(".*\\.layer\\.(\\d+)\\..*", "$1"));
            List<Integer> known = experts.computeIfAbsent("experts." + block, _ -> new ArrayList<>());
            for (int expert : chosen) {
                known.add(expert);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit-mini-add", "vit-mini-shiftadd"})
    void reproducesCodesAndExpertsOfTheTrainedModels(String name) {
        Path directory = SharedFiles.require("models/" + name);
        try (ImageClassifier model = ImageClassifier.open(directory);
                Checkpoint images = Checkpoint.open(SharedFiles.require("data/images/cifar10-256.safetensors"));
                Checkpoint reference = Checkpoint.open(directory.resolve("reference.safetensors"));
                KernelContext context = KernelContext.create(2)) {
            float[] pixels = pixels(directory, model, images.tensor("pixels"));
            int count = pixels.length / model.vision().pixelValues();
            float[] logits = new float[count * model.config().vocabularySize()];
            int coded = 8 * model.config().contextLength();
            Watch watch = new Watch(model, coded);
            model.logits(pixels, count, logits, context, watch);
            assertThat(watch.codes).hasSize(2 * model.blockCount());
            watch.codes.forEach((tensor, codes) -> assertThat(equalCodes(codes, reference.tensor(tensor)))
                    .as(tensor)
                    .isGreaterThanOrEqualTo(EQUAL));
            assertThat(watch.experts).hasSize(model.vision().shiftExperts() ? model.blockCount() : 0);
            watch.experts.forEach((tensor, experts) -> assertThat(
                            equal(experts, reference.tensor(tensor).toIntArray()))
                    .as(tensor)
                    .isGreaterThanOrEqualTo(EQUAL));
        }
    }

    /** Codes come by tokens and heads; the reference has images, heads, tokens, bits. */
    private static double equalCodes(List<Long> codes, TensorView reference) {
        int[] expected = reference.toIntArray();
        int images = (int) reference.shape()[0];
        int heads = (int) reference.shape()[1];
        int tokens = (int) reference.shape()[2];
        int bits = (int) reference.shape()[3];
        long same = 0;
        for (int i = 0; i < expected.length; i++) {
            int bit = i % bits;
            int token = i / bits % tokens;
            int head = i / bits / tokens % heads;
            int image = i / bits / tokens / heads;
            long code = codes.get((image * tokens + token) * heads + head);
            same += (code >>> bit & 1) == expected[i] ? 1 : 0;
        }
        return (double) same / images / heads / tokens / bits;
    }

    private static double equal(List<Integer> actual, int[] expected) {
        int same = 0;
        for (int i = 0; i < expected.length; i++) {
            same += actual.get(i) == expected[i] ? 1 : 0;
        }
        return (double) same / expected.length;
    }

    static float[] pixels(Path directory, ImageClassifier model, TensorView decoded) {
        ImagePreprocessor preprocessor = ImagePreprocessor.of(directory, model.config());
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

    /** Sequences of several lengths, some longer than a part; the same on any number of threads. */
    @Test
    void attendsAsTheFormulaSays() {
        int heads = 2;
        int d = 20;
        int[] lengths = {1, 3, 300, 517};
        Random random = new Random(8);
        int tokens = Arrays.stream(lengths).sum();
        int width = heads * d;
        float[] q = floats(random, tokens * width);
        float[] k = floats(random, tokens * width);
        float[] v = floats(random, tokens * width);
        AngularAttention.Parameters p = new AngularAttention.Parameters(
                heads, d, floats(random, width), floats(random, width), floats(random, heads * AngularAttention.TAPS));
        List<TokenBatch.Segment> segments = new ArrayList<>();
        for (int length : lengths) {
            segments.add(new TokenBatch.Segment(new KvCache(1, heads, d, length, KvCache.Precision.FLOAT32), length));
        }
        TokenBatch batch = new TokenBatch(new int[tokens], segments);
        float[] one = new float[tokens * width];
        float[] three = new float[tokens * width];
        try (KernelContext context = KernelContext.create(1)) {
            new AngularAttention(1).run(p, batch, q, k, v, one, context);
        }
        try (KernelContext context = KernelContext.create(3)) {
            new AngularAttention(3).run(p, batch, q, k, v, three, context);
        }
        assertThat(three).isEqualTo(one);
        int first = 0;
        for (int length : lengths) {
            for (int head = 0; head < heads; head++) {
                for (int t = 0; t < length; t++) {
                    double[] expected = formula(p, q, k, v, first, length, head, t);
                    for (int i = 0; i < d; i++) {
                        assertThat((double) one[(first + t) * width + head * d + i])
                                .as("sequence of %d, head %d, token %d", length, head, t)
                                .isCloseTo(expected[i], within(2e-5));
                    }
                }
            }
            first += length;
        }
    }

    private static double[] formula(
            AngularAttention.Parameters p,
            float[] q,
            float[] k,
            float[] v,
            int first,
            int length,
            int head,
            int token) {
        int d = p.headDim();
        int width = p.heads() * d;
        long code = AngularAttention.code(q, (first + token) * width + head * d, d, p.queryThresholds(), head * d);
        double[] x = new double[d];
        for (int other = 0; other < length; other++) {
            int at = (first + other) * width + head * d;
            int common = Long.bitCount(code & AngularAttention.code(k, at, d, p.keyThresholds(), head * d));
            for (int i = 0; i < d; i++) {
                x[i] += common / Math.PI * v[at + i] + (other == token ? 0.5 * v[at + i] : 0);
            }
        }
        double norm = Math.sqrt(Arrays.stream(x).map(value -> value * value).sum());
        for (int i = 0; i < d; i++) {
            x[i] /= norm;
            for (int j = 0; j < AngularAttention.TAPS; j++) {
                int other = token + j - AngularAttention.TAPS / 2;
                if (other >= 0 && other < length) {
                    x[i] += (double) p.convolution()[head * AngularAttention.TAPS + j]
                            * v[(first + other) * width + head * d + i];
                }
            }
        }
        return x;
    }

    @Test
    void shiftLayersComputeWhatFixedPointDoes() {
        int inputs = 97;
        int outputs = 33;
        Random random = new Random(9);
        float[] weights = new float[inputs * outputs];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i == 5 ? 0 : Math.scalb(random.nextBoolean() ? 1f : -1f, -random.nextInt(15));
        }
        TensorView view = TensorView.ofFloats("shift", new long[] {outputs, inputs}, weights);
        ShiftLinear layer = new ShiftLinear(MatrixRows.of(view), floats(random, outputs));
        for (int tokens : new int[] {1, 5, 40}) {
            float[] x = floats(random, tokens * inputs);
            float[] fixed = new float[tokens * outputs];
            float[] fast = new float[tokens * outputs];
            layer.forwardFixed(x, fixed, tokens);
            try (KernelContext context = KernelContext.create(2)) {
                layer.forward(x, fast, tokens, context);
            }
            assertThat(fast).containsExactly(fixed, within(1.5f * inputs / (1 << ShiftLinear.FRACTION) + 1e-5f));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0.3f, 2f, 1 / 32768f, Float.NaN, Float.POSITIVE_INFINITY})
    void otherWeightsAreRefused(float weight) {
        TensorView view = TensorView.ofFloats("shift", new long[] {1, 2}, new float[] {0.5f, weight});
        assertThatThrownBy(() -> new ShiftLinear(MatrixRows.of(view), null))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("powers of two");
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}

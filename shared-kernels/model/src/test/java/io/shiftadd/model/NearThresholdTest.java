package io.shiftadd.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.SharedFiles;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.attention.AngularAttention;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of rounding in a model of codes and routers: the reference adds up in another order, and where an
 * element lies on its threshold to the last digits, its bit is another one. Such images' logits differ by more than
 * rounding.
 * They are the reference's again as soon as a few of these bits are taken the other way: nothing else is different.
 */
class NearThresholdTest {

    private static final double LIMIT = 1e-4;

    /** No image differs by more, relative to the largest logit. */
    private static final double FARTHEST = 5e-3;

    /** Of 256 images; computed in float64, as many are beyond the limit. */
    private static final double CLOSE = 0.92;

    /** How near to its threshold an element of a vector of length 1 lies that rounding may decide. */
    private static final double NEAR = 1e-5;

    private static final int MOST_FLIPS = 4;
    private static final int MOST_TRIED = 32;

    /** One model and image; thresholds are changed in place, as the block has them, and put back. */
    private static final class Trial {

        private final ImageClassifier model;
        private final float[] pixels;
        private final float[] expected;
        private final double scale;
        private final KernelContext context;
        private final float[] leans;

        Trial(ImageClassifier model, float[] pixels, float[] expected, double scale, KernelContext context) {
            this.model = model;
            this.pixels = pixels;
            this.expected = expected;
            this.scale = scale;
            this.context = context;
            this.leans = new float[model.blockCount()];
        }

        double error(LinearInputObserver watch) {
            float[] logits = new float[expected.length];
            model.leaning(leans).logits(pixels, 1, logits, context, watch);
            return farthest(logits, expected, 0, expected.length) / scale;
        }

        /** Takes undecided bits and experts the other way, the one that helps most first; the error that is left. */
        double settle() {
            List<Near> flipped = new ArrayList<>();
            double error = error(null);
            while (error > LIMIT && flipped.size() < MOST_FLIPS) {
                Near best = null;
                for (Near near : undecided()) {
                    near.take();
                    double other = error(null);
                    near.giveBack();
                    if (other < error) {
                        error = other;
                        best = near;
                    }
                }
                if (best == null) {
                    break;
                }
                best.take();
                flipped.add(best);
            }
            flipped.reversed().forEach(Near::giveBack);
            return error;
        }

        private List<Near> undecided() {
            List<Near> all = new ArrayList<>();
            error(new LinearInputObserver() {
                @Override
                public void observe(String name, float[] x, int tokens, int inputs) {
                    for (int i = 0; i < model.blockCount(); i++) {
                        int place = model.block(i).projectionNames().indexOf(name);
                        if (place == 0 || place == 1) {
                            codes(model.block(i), place, name, x, tokens, all);
                        }
                    }
                }

                @Override
                public void routed(String router, int[] experts, float[] margins) {
                    for (int i = 0; i < model.blockCount(); i++) {
                        if (router.equals(model.block(i).router())) {
                            for (float margin : margins) {
                                all.add(new Near(leans, i, margin + leans[i], leans[i] - 2 * (margin + leans[i])));
                            }
                        }
                    }
                }
            });
            return all.stream()
                    .filter(near -> Math.abs(near.margin) < NEAR)
                    .sorted(Comparator.comparingDouble(near -> Math.abs(near.margin)))
                    .limit(MOST_TRIED)
                    .toList();
        }

        private static void codes(DecoderBlock block, int place, String name, float[] x, int tokens, List<Near> all) {
            AngularAttention.Parameters shape = block.angular();
            float[] thresholds = place == 0 ? shape.queryThresholds() : shape.keyThresholds();
            int d = shape.headDim();
            int width = shape.heads() * d;
            float[] y = new float[tokens * width];
            try (KernelContext own = KernelContext.create(1)) {
                block.linear(name).forward(x, y, tokens, own);
            }
            for (int vector = 0; vector < tokens * shape.heads(); vector++) {
                double squares = 0;
                for (int i = 0; i < d; i++) {
                    squares += (double) y[vector * d + i] * y[vector * d + i];
                }
                for (int i = 0; i < d; i++) {
                    int at = vector % shape.heads() * d + i;
                    double margin = y[vector * d + i] / Math.sqrt(squares) - thresholds[at];
                    all.add(new Near(thresholds, at, margin, (float) (thresholds[at] + 2 * margin)));
                }
            }
        }
    }

    /** A number that lies so near to what it is compared with, and another value of that for which it is beyond. */
    private static final class Near {

        private final float[] values;
        private final int at;
        private final double margin;
        private final float other;
        private float own;

        Near(float[] values, int at, double margin, float other) {
            this.values = values;
            this.at = at;
            this.margin = margin;
            this.other = other;
        }

        void take() {
            own = values[at];
            values[at] = other;
        }

        void giveBack() {
            values[at] = own;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit-mini-add", "vit-mini-shiftadd"})
    void imagesThatDifferDoSoByUndecidedBitsAlone(String name) {
        Path directory = SharedFiles.require("models/" + name);
        try (ImageClassifier model = ImageClassifier.open(directory);
                Checkpoint images = Checkpoint.open(SharedFiles.require("data/images/cifar10-256.safetensors"));
                Checkpoint reference = Checkpoint.open(directory.resolve("reference.safetensors"));
                KernelContext context = KernelContext.create(2)) {
            float[] pixels = ShiftAddReferenceTest.pixels(directory, model, images.tensor("pixels"));
            int values = model.vision().pixelValues();
            int count = pixels.length / values;
            int classes = model.config().vocabularySize();
            float[] expected = reference.tensor("logits").toFloatArray();
            double scale = farthest(expected, new float[expected.length], 0, expected.length);
            float[] logits = new float[count * classes];
            model.logits(pixels, count, logits, context);
            int close = 0;
            for (int i = 0; i < count; i++) {
                double error = farthest(logits, expected, i * classes, (i + 1) * classes) / scale;
                assertThat(error).as("image %d", i).isLessThan(FARTHEST);
                assertThat(named(logits, i, classes)).isEqualTo(named(expected, i, classes));
                if (error <= LIMIT) {
                    close++;
                } else {
                    float[] own = Arrays.copyOfRange(pixels, i * values, (i + 1) * values);
                    float[] wanted = Arrays.copyOfRange(expected, i * classes, (i + 1) * classes);
                    assertThat(new Trial(model, own, wanted, scale, context).settle())
                            .as("image %d", i)
                            .isLessThanOrEqualTo(LIMIT);
                }
            }
            assertThat((double) close / count).isGreaterThanOrEqualTo(CLOSE);
        }
    }

    private static double farthest(float[] a, float[] b, int from, int to) {
        double farthest = 0;
        for (int i = 0; i < to - from; i++) {
            farthest = Math.max(farthest, Math.abs(a[from + i] - b[from + i]));
        }
        return farthest;
    }

    private static int named(float[] logits, int image, int classes) {
        int best = 0;
        for (int i = 1; i < classes; i++) {
            best = logits[image * classes + i] > logits[image * classes + best] ? i : best;
        }
        return best;
    }
}

package io.shiftadd.quantize.evaluation;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.Logits;
import io.shiftadd.quantize.calibration.ImageSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How often models name the class of labelled images: each model over the same images, and how often the others name
 * the class that the first one names, right or wrong.
 *
 * @param scores of each model
 * @param agreements of each model with the first
 */
public record ImageEvaluation(List<ImageScores> scores, List<Share> agreements) {

    /** Classes among which the right one may be, for the second measure. */
    public static final int TOP = 5;

    private static final int BATCH = 64;

    public ImageEvaluation {
        scores = List.copyOf(scores);
        agreements = List.copyOf(agreements);
    }

    /**
     * A share of images.
     *
     * @param standardError {@code √(p(1−p)/(n−1))}; NaN for a single image
     */
    public record Share(double value, double standardError, long images) {

        static Share of(long hits, long images) {
            double value = (double) hits / images;
            return new Share(value, Math.sqrt(value * (1 - value) / (images - 1)), images);
        }
    }

    /**
     * @param top1 share of images whose right class has the greatest logit; of equals the first counts
     * @param top5 share of images whose right class is among the five greatest
     * @param byClass top1 of the images of each class of the set; of those without images, none
     */
    public record ImageScores(Share top1, Share top5, List<Share> byClass) {}

    /**
     * @param models of one preprocessing and the same classes
     * @param classes for each class of the sample's set the model's, see {@code ImageLabels}
     * @throws MeasurementException when a logit is no number
     */
    public static ImageEvaluation of(
            List<ImageClassifier> models,
            ImageSample sample,
            int[] classes,
            KernelContext context,
            Perplexity.Progress progress) {
        Counts[] counts = new Counts[models.size()];
        Arrays.setAll(counts, _ -> new Counts(classes.length));
        for (int from = 0; from < sample.size(); from += BATCH) {
            int images = Math.min(BATCH, sample.size() - from);
            float[] pixels = sample.read(from, images);
            int[] first = new int[images];
            for (int m = 0; m < counts.length; m++) {
                ImageClassifier model = models.get(m);
                int width = model.config().vocabularySize();
                float[] logits = new float[images * width];
                model.logits(pixels, images, logits, context);
                for (int i = 0; i < images; i++) {
                    int named = named(logits, i * width, width);
                    first[i] = m == 0 ? named : first[i];
                    int label = sample.label(from + i);
                    counts[m].add(
                            label,
                            named == classes[label],
                            above(logits, i * width, width, classes[label]),
                            named == first[i]);
                }
            }
            progress.evaluated(from + images, sample.size());
        }
        return new ImageEvaluation(
                Arrays.stream(counts).map(Counts::scores).toList(),
                Arrays.stream(counts).map(Counts::agreement).toList());
    }

    private static int named(float[] logits, int from, int count) {
        int broken = Logits.firstNotFinite(logits, from, count);
        if (broken >= 0) {
            throw MeasurementException.notFinite("a logit of " + logits[from + broken]);
        }
        return Logits.largest(logits, from, count);
    }

    /** Classes that come before the right one: with greater logits, or of equal ones before it. */
    private static int above(float[] logits, int from, int count, int wanted) {
        int above = 0;
        for (int i = 0; i < count; i++) {
            float difference = logits[from + i] - logits[from + wanted];
            above += difference > 0 || difference == 0 && i < wanted ? 1 : 0;
        }
        return above;
    }

    private static final class Counts {

        private final long[] right;
        private final long[] images;
        private long amongFirst;
        private long agreed;

        Counts(int classes) {
            right = new long[classes];
            images = new long[classes];
        }

        void add(int label, boolean isRight, int above, boolean agrees) {
            images[label]++;
            right[label] += isRight ? 1 : 0;
            amongFirst += above < TOP ? 1 : 0;
            agreed += agrees ? 1 : 0;
        }

        ImageScores scores() {
            long all = Arrays.stream(images).sum();
            List<Share> byClass = new ArrayList<>();
            for (int i = 0; i < images.length; i++) {
                byClass.add(images[i] == 0 ? new Share(Double.NaN, Double.NaN, 0) : Share.of(right[i], images[i]));
            }
            return new ImageScores(
                    Share.of(Arrays.stream(right).sum(), all), Share.of(amongFirst, all), List.copyOf(byClass));
        }

        Share agreement() {
            return Share.of(agreed, Arrays.stream(images).sum());
        }
    }
}

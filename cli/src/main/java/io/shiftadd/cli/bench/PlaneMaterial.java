package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.Transformer;
import io.shiftadd.model.vision.ImageLabels;
import io.shiftadd.model.vision.ImageSet;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.calibration.ImageSample;
import io.shiftadd.quantize.evaluation.Comparison;
import io.shiftadd.quantize.evaluation.ImageEvaluation;
import io.shiftadd.quantize.reparameterization.CalibrationBudget;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model is calibrated on and measured by.
 *
 * @param <M> the models that this is for
 */
sealed interface PlaneMaterial<M extends Transformer> {

    /**
     * How good a model is, and how like the original.
     *
     * @param quality share of images named rightly, or perplexity
     * @param agreement share of images, or tokens, for which the model holds the same most likely as the original
     */
    record Figures(double quality, double qualityError, double agreement, double agreementError) {}

    String quality();

    CalibrationSet calibration(M model, ReparameterizationSettings settings, Path directory, KernelContext context);

    /** @return for each of the models */
    List<Figures> figures(M original, List<M> models, KernelContext context);

    /** @param evaluation chosen already */
    record Pictures(ImageSample calibration, ImageSample evaluation, ImageSet classes)
            implements PlaneMaterial<ImageClassifier> {

        @Override
        public String quality() {
            return "top-1";
        }

        @Override
        public CalibrationSet calibration(
                ImageClassifier model, ReparameterizationSettings settings, Path directory, KernelContext context) {
            return CalibrationSet.create(directory, model, calibration, context);
        }

        @Override
        public List<Figures> figures(ImageClassifier original, List<ImageClassifier> models, KernelContext context) {
            List<ImageClassifier> all = new ArrayList<>(models);
            all.addFirst(original);
            int[] matched =
                    ImageLabels.match(classes.classes(), original.vision().labels(), "the evaluation's images");
            ImageEvaluation result = ImageEvaluation.of(all, evaluation, matched, context, (_, _) -> {});
            List<Figures> figures = new ArrayList<>();
            for (int i = 1; i < all.size(); i++) {
                ImageEvaluation.Share top1 = result.scores().get(i).top1();
                ImageEvaluation.Share agreement = result.agreements().get(i);
                figures.add(
                        new Figures(top1.value(), top1.standardError(), agreement.value(), agreement.standardError()));
            }
            return figures;
        }
    }

    /** @param calibration windows of tokens, as {@code evaluation} */
    record Windows(int[][] calibration, int[][] evaluation) implements PlaneMaterial<CausalLanguageModel> {

        @Override
        public String quality() {
            return "perplexity";
        }

        @Override
        public CalibrationSet calibration(
                CausalLanguageModel model, ReparameterizationSettings settings, Path directory, KernelContext context) {
            return CalibrationSet.create(directory, model, CalibrationBudget.windows(calibration, model, settings));
        }

        @Override
        public List<Figures> figures(
                CausalLanguageModel original, List<CausalLanguageModel> models, KernelContext context) {
            List<Figures> figures = new ArrayList<>();
            for (CausalLanguageModel model : models) {
                Comparison result = Comparison.evaluate(original, model, evaluation, context, (_, _) -> {});
                figures.add(new Figures(
                        result.model().value(),
                        result.model().standardError(),
                        result.agreement(),
                        result.agreementError()));
            }
            return figures;
        }
    }
}

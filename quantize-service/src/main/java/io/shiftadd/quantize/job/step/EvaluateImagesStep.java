package io.shiftadd.quantize.job.step;

import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.vision.ImagePreprocessor;
import io.shiftadd.quantize.calibration.ImageSample;
import io.shiftadd.quantize.evaluation.ImageEvaluation;
import io.shiftadd.quantize.evaluation.ImageEvaluation.ImageScores;
import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ModelMetrics;
import io.shiftadd.quantize.job.run.ProgressWriter;
import io.shiftadd.quantize.job.run.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result beside its original over the same images, through the layers and kernels that serve them: how often each
 * names the right class, and how often both name the same; where routers lean, beside the result without that. What an
 * earlier run has measured is not measured again.
 */
public final class EvaluateImagesStep implements StepWork {

    private final JobRun run;
    private final JobResources resources;
    private final Images images;
    private final EvaluateStep.Location result;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;

    public EvaluateImagesStep(
            JobRun run,
            JobResources resources,
            Images images,
            EvaluateStep.Location result,
            FencedTransactions fenced,
            ProgressWriter writer) {
        this.run = run;
        this.resources = resources;
        this.images = images;
        this.result = result;
        this.fenced = fenced;
        this.writer = writer;
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.EVALUATE);
        if (fenced.commit(
                run.lease(), client -> ModelMetrics.has(client, run.lease(), ModelMetrics.ACCURACY_REPARAMETERIZED))) {
            return;
        }
        ImageClassifier original = resources.imageModel();
        ImagePreprocessor preprocessor = ImagePreprocessor.of(resources.source().location(), original.config());
        ImageSample sample = images.evaluation(preprocessor);
        try (ImageClassifier model = ImageClassifier.open(result.directory())) {
            List<ImageClassifier> models = new ArrayList<>(List.of(original, model));
            if (run.settings().balancesExperts()) {
                models.add(model.leaning(new float[model.blockCount()]));
            }
            ImageEvaluation evaluation = ImageEvaluation.of(
                    models, sample, images.classes(original), resources.context(), (evaluated, all) -> {
                        run.check();
                        run.progress().done((double) evaluated / all);
                    });
            write(metrics(evaluation));
        }
    }

    private static Map<String, Double> metrics(ImageEvaluation evaluation) {
        ImageScores original = evaluation.scores().getFirst();
        ImageScores model = evaluation.scores().get(1);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(ModelMetrics.ACCURACY_ORIGINAL, original.top1().value());
        metrics.put(ModelMetrics.ACCURACY_REPARAMETERIZED, model.top1().value());
        metrics.put(ModelMetrics.ACCURACY_ERROR_ORIGINAL, original.top1().standardError());
        metrics.put(ModelMetrics.ACCURACY_ERROR_REPARAMETERIZED, model.top1().standardError());
        metrics.put(ModelMetrics.TOP5_ORIGINAL, original.top5().value());
        metrics.put(ModelMetrics.TOP5_REPARAMETERIZED, model.top5().value());
        metrics.put(ModelMetrics.AGREEMENT, evaluation.agreements().get(1).value());
        if (evaluation.scores().size() > 2) {
            metrics.put(
                    ModelMetrics.ACCURACY_UNBALANCED,
                    evaluation.scores().get(2).top1().value());
        }
        // of a single image there is no error
        metrics.values().removeIf(value -> !Double.isFinite(value));
        return metrics;
    }

    private void write(Map<String, Double> metrics) {
        fenced.run(run.lease(), client -> {
            ModelMetrics.write(client, run.lease(), metrics);
            metrics.forEach((name, value) ->
                    writer.insert(client, run.lease(), new Event("metric", Map.of("name", name, "value", value))));
        });
    }
}

package io.shiftadd.quantize.job.step;

import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.vision.ImagePreprocessor;
import io.shiftadd.quantize.evaluation.ImageEvaluation;
import io.shiftadd.quantize.evaluation.ImageEvaluation.ImageScores;
import io.shiftadd.quantize.evaluation.ImageEvaluation.Share;
import io.shiftadd.quantize.evaluation.TaskScore;
import io.shiftadd.quantize.evaluation.TaskScores;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ModelMetrics;
import io.shiftadd.quantize.job.run.ProgressWriter;
import io.shiftadd.quantize.job.run.RegistryRows;
import io.shiftadd.quantize.job.run.SourceModel;
import io.shiftadd.quantize.job.run.Stage;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures the models of an evaluation on a set of images, one after the other: the share of images whose class each
 * names, of all and of each class, and how often it names what its original does. What a model scored is committed as a
 * whole; a restart goes on with the next.
 */
public final class MeasureImagesStep implements StepWork {

    /** As scores on images are called among the tasks. */
    static final String IMAGES = "images";

    static final String TOP5 = "top5_acc";
    private static final int LONGEST = 64;

    private final JobRun run;
    private final JobResources resources;
    private final Images images;
    private final List<SourceModel> models;
    private final RegistryRows registry;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;

    /** @param models the job's own first */
    public MeasureImagesStep(
            JobRun run,
            JobResources resources,
            Images images,
            List<SourceModel> models,
            RegistryRows registry,
            FencedTransactions fenced,
            ProgressWriter writer) {
        this.run = run;
        this.resources = resources;
        this.images = images;
        this.models = List.copyOf(models);
        this.registry = registry;
        this.fenced = fenced;
        this.writer = writer;
    }

    @Override
    public void execute() {
        run.progress().enter(Stage.EVALUATE);
        for (int i = 0; i < models.size(); i++) {
            SourceModel model = models.get(i);
            int number = i;
            boolean known = fenced.commit(run.lease(), client -> TaskRows.has(client, run.lease(), model.id(), IMAGES));
            if (!known) {
                measure(model, share -> run.progress().done((number + share) / models.size()));
            }
            run.progress().done((double) (i + 1) / models.size());
        }
    }

    private void measure(SourceModel source, DoubleConsumer done) {
        long start = System.nanoTime();
        SourceModel reference = reference(source);
        try (ImageClassifier model = ImageClassifier.open(source.location());
                ImageClassifier original = reference == null ? null : ImageClassifier.open(reference.location())) {
            ImagePreprocessor preprocessor = ImagePreprocessor.of(source.location(), model.config());
            boolean comparable = original != null
                    && original.config().vision().equals(model.config().vision());
            ImageEvaluation evaluation = ImageEvaluation.of(
                    comparable && original != null ? List.of(original, model) : List.of(model),
                    images.evaluation(preprocessor),
                    images.classes(model),
                    resources.context(),
                    (evaluated, of) -> {
                        run.check();
                        done.accept((double) evaluated / of);
                    });
            commit(source, scores(evaluation), (System.nanoTime() - start) / 1e9);
        }
    }

    /** The original that a model was made from, if its files are there. */
    private @Nullable SourceModel reference(SourceModel model) {
        return model.parent() == null
                ? null
                : registry.find(model.parent())
                        .filter(original -> Files.exists(original.location()))
                        .orElse(null);
    }

    private List<TaskScore> scores(ImageEvaluation evaluation) {
        ImageScores own = evaluation.scores().getLast();
        List<TaskScore> scores = new ArrayList<>();
        scores.add(score(IMAGES, TaskScores.ACCURACY, own.top1()));
        scores.add(score(IMAGES, TOP5, own.top5()));
        if (evaluation.scores().size() > 1) {
            scores.add(
                    score(IMAGES, TaskScores.AGREEMENT, evaluation.agreements().getLast()));
        }
        List<String> names = images.evaluationClasses();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            Share share = own.byClass().get(i);
            if (share.images() > 0) {
                scores.add(score(part(names.get(i), i, taken), TaskScores.ACCURACY, share));
            }
        }
        return scores;
    }

    /** Of a class's name what the name of a task may have; its number, too, where that is not enough. */
    private static String part(String name, int number, Set<String> taken) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        String part = IMAGES + "_" + plain;
        if (part.length() > LONGEST || !taken.add(part)) {
            part = IMAGES + "_class_" + number;
            taken.add(part);
        }
        return part;
    }

    private static TaskScore score(String task, String metric, Share share) {
        return new TaskScore(task, metric, share.value(), share.standardError(), share.images());
    }

    private void commit(SourceModel source, List<TaskScore> scores, double seconds) {
        fenced.run(run.lease(), client -> {
            TaskRows.write(client, run.lease(), source.id(), scores);
            if (source.id().equals(run.job().modelId())) {
                ModelMetrics.write(client, run.lease(), metrics(source, scores));
            }
            writer.insert(client, run.lease(), TaskRows.event(source, IMAGES, scores, seconds));
        });
    }

    /** Of the job's own model. */
    private static Map<String, Double> metrics(SourceModel source, List<TaskScore> scores) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (TaskScore score : scores) {
            if (score.task().equals(IMAGES)) {
                metrics.put(metric(source, score), score.value());
                if (score.metric().equals(TaskScores.ACCURACY) && Double.isFinite(score.standardError())) {
                    metrics.put(
                            source.isOriginal()
                                    ? ModelMetrics.ACCURACY_ERROR_ORIGINAL
                                    : ModelMetrics.ACCURACY_ERROR_REPARAMETERIZED,
                            score.standardError());
                }
            }
        }
        return metrics;
    }

    private static String metric(SourceModel source, TaskScore score) {
        return switch (score.metric()) {
            case TaskScores.ACCURACY ->
                source.isOriginal() ? ModelMetrics.ACCURACY_ORIGINAL : ModelMetrics.ACCURACY_REPARAMETERIZED;
            case TOP5 -> source.isOriginal() ? ModelMetrics.TOP5_ORIGINAL : ModelMetrics.TOP5_REPARAMETERIZED;
            default -> score.metric();
        };
    }
}

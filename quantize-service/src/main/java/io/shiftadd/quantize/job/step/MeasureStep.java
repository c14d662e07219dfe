package io.shiftadd.quantize.job.step;

import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.quantize.evaluation.Comparison;
import io.shiftadd.quantize.evaluation.ContinuationScorer;
import io.shiftadd.quantize.evaluation.Example;
import io.shiftadd.quantize.evaluation.MeasurementException;
import io.shiftadd.quantize.evaluation.Perplexity;
import io.shiftadd.quantize.evaluation.Task;
import io.shiftadd.quantize.evaluation.TaskScore;
import io.shiftadd.quantize.evaluation.TaskScores;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ModelMetrics;
import io.shiftadd.quantize.job.run.ProgressWriter;
import io.shiftadd.quantize.job.run.RegistryRows;
import io.shiftadd.quantize.job.run.SourceModel;
import io.shiftadd.quantize.job.run.Stage;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures the models of an evaluation on a text and on tasks, one after the other, each on all models before the next.
 * What a model scored on a task is committed as a whole; a restart goes on with the next.
 */
public final class MeasureStep implements StepWork {

    /** Characters of English text that make a token, roughly: what weighs texts against tasks on the bar. */
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final JobRun run;
    private final JobResources resources;
    private final Windows windows;
    private final TaskData data;
    private final List<SourceModel> models;
    private final RegistryRows registry;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;

    /** One model on one task or text. @param work in characters; @param measure hears which share is done */
    private record Item(SourceModel model, String task, double work, Measure measure) {}

    @FunctionalInterface
    private interface Measure {
        List<TaskScore> scores(CausalLanguageModel model, Tokenizer tokenizer, DoubleConsumer done) throws IOException;
    }

    /** @param models the job's own first */
    public MeasureStep(
            JobRun run,
            JobResources resources,
            Windows windows,
            TaskData data,
            List<SourceModel> models,
            RegistryRows registry,
            FencedTransactions fenced,
            ProgressWriter writer) {
        this.run = run;
        this.resources = resources;
        this.windows = windows;
        this.data = data;
        this.models = List.copyOf(models);
        this.registry = registry;
        this.fenced = fenced;
        this.writer = writer;
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.EVALUATE);
        List<Item> items = items();
        double all = items.stream().mapToDouble(Item::work).sum();
        double before = 0;
        for (Item item : items) {
            double start = before;
            boolean known = fenced.commit(
                    run.lease(),
                    client -> TaskRows.has(client, run.lease(), item.model().id(), item.task()));
            if (!known) {
                measure(item, share -> {
                    run.check();
                    run.progress().done((start + share * item.work()) / all);
                });
            }
            before += item.work();
            run.progress().done(before / all);
        }
    }

    private List<Item> items() throws IOException {
        List<Item> items = new ArrayList<>();
        List<Task> tasks = data.tasks();
        if (run.job().evaluationTextId() != null || tasks.isEmpty()) {
            for (SourceModel model : models) {
                double work = (double) windows.evaluationTokens() * CHARACTERS_PER_TOKEN;
                items.add(new Item(model, TaskRows.TEXT, work, onText(model)));
            }
        }
        for (Task task : tasks) {
            List<Example> examples = data.examples(task);
            double work = characters(examples);
            for (SourceModel model : models) {
                items.add(new Item(model, task.label(), work, scoring(task, examples)));
            }
        }
        return items;
    }

    /** What goes through the model: contexts once, choices all. */
    private static double characters(List<Example> examples) {
        double sum = 0;
        for (Example example : examples) {
            Set<String> contexts = new HashSet<>();
            for (Example.Choice choice : example.choices()) {
                sum += choice.continuation().length()
                        + (contexts.add(choice.context()) ? choice.context().length() : 0);
            }
        }
        return sum;
    }

    private Measure onText(SourceModel source) {
        return (model, tokenizer, done) -> {
            int[][] tokens = windows.evaluation(model, tokenizer);
            Perplexity.Progress progress = (evaluated, of) -> done.accept((double) evaluated / of);
            SourceModel reference = reference(source);
            if (reference != null) {
                try (CausalLanguageModel original = CausalLanguageModel.open(reference.location());
                        Tokenizer ofOriginal = Tokenizer.open(reference.location())) {
                    if (isComparable(original, ofOriginal, model, tokens)) {
                        return beside(Comparison.evaluate(original, model, tokens, resources.context(), progress));
                    }
                }
            }
            return List.of(perplexity(Perplexity.evaluate(model, tokens, resources.context(), progress)));
        };
    }

    /**
     * What a model's distribution is compared with: the original that it was made from, or the one it is measured
     * beside.
     */
    private @Nullable SourceModel reference(SourceModel model) {
        if (model.parent() != null) {
            return registry.find(model.parent()).filter(this::isThere).orElse(null);
        }
        SourceModel last = models.getLast();
        return model == models.getFirst() && last != model && last.isOriginal() ? last : null;
    }

    /** A model is measured by itself when its original's files are gone. */
    private boolean isThere(SourceModel original) {
        boolean there = Files.exists(original.location());
        if (!there) {
            run.warn(
                    "the files of the original " + original.name() + " are gone, so that nothing is compared with it",
                    "Put them back, and evaluate again.");
        }
        return there;
    }

    /** Models of one kind that see the same tokens. */
    private boolean isComparable(
            CausalLanguageModel original, Tokenizer ofOriginal, CausalLanguageModel model, int[][] tokens)
            throws IOException {
        ModelConfig config = model.config();
        return original.config().family() == config.family()
                && original.config().layers() == config.layers()
                && original.config().hiddenSize() == config.hiddenSize()
                && original.config().vocabularySize() == config.vocabularySize()
                && (run.job().evaluationTextId() == null
                        || Arrays.deepEquals(windows.evaluation(original, ofOriginal), tokens));
    }

    private static TaskScore perplexity(Perplexity perplexity) {
        return new TaskScore(
                TaskRows.TEXT,
                TaskScores.PERPLEXITY,
                perplexity.value(),
                perplexity.standardError(),
                perplexity.predictions());
    }

    private static List<TaskScore> beside(Comparison comparison) {
        long tokens = comparison.model().predictions();
        return List.of(
                perplexity(comparison.model()),
                new TaskScore(
                        TaskRows.TEXT,
                        TaskScores.DIVERGENCE,
                        comparison.divergence(),
                        comparison.divergenceError(),
                        tokens),
                new TaskScore(
                        TaskRows.TEXT,
                        TaskScores.AGREEMENT,
                        comparison.agreement(),
                        comparison.agreementError(),
                        tokens));
    }

    private Measure scoring(Task task, List<Example> examples) {
        return (model, tokenizer, done) -> {
            try {
                var scores = new ContinuationScorer(model, tokenizer, resources.context())
                        .score(examples, (scored, of) -> done.accept((double) scored / of));
                return TaskScores.of(task, examples, scores);
            } catch (MeasurementException failure) {
                throw new JobRefusedException(
                        "task " + task.label() + " cannot be measured: " + failure.reason(), failure.remedy());
            }
        };
    }

    private void measure(Item item, DoubleConsumer done) throws IOException {
        long start = System.nanoTime();
        SourceModel source = item.model();
        try (CausalLanguageModel model = CausalLanguageModel.open(source.location());
                Tokenizer tokenizer = Tokenizer.open(source.location())) {
            List<TaskScore> scores = item.measure().scores(model, tokenizer, done);
            double seconds = (System.nanoTime() - start) / 1e9;
            fenced.run(run.lease(), client -> {
                TaskRows.write(client, run.lease(), source.id(), scores);
                if (item.task().equals(TaskRows.TEXT)
                        && source.id().equals(run.job().modelId())) {
                    ModelMetrics.write(client, run.lease(), metrics(source, scores));
                }
                writer.insert(client, run.lease(), TaskRows.event(source, item.task(), scores, seconds));
            });
        }
    }

    /** Of the job's own model. */
    private static Map<String, Double> metrics(SourceModel source, List<TaskScore> scores) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (TaskScore score : scores) {
            String name = !score.metric().equals(TaskScores.PERPLEXITY)
                    ? score.metric()
                    : source.isOriginal() ? ModelMetrics.PERPLEXITY_ORIGINAL : ModelMetrics.PERPLEXITY_REPARAMETERIZED;
            metrics.put(name, score.value());
        }
        return metrics;
    }
}

package io.shiftadd.quantize.job.step;

import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.evaluation.Perplexity;
import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ModelMetrics;
import io.shiftadd.quantize.job.run.ProgressWriter;
import io.shiftadd.quantize.job.run.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Perplexity of the given models over the same windows, through the layers and kernels that serve them. A model that an
 * earlier run has measured is not measured again.
 */
public final class EvaluateStep implements StepWork {

    private final JobRun run;
    private final JobResources resources;
    private final Windows windows;
    private final List<Subject> subjects;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;

    /** Finds a model's directory when its turn comes. */
    @FunctionalInterface
    public interface Location {
        Path directory() throws IOException;
    }

    /** @param metric under which the perplexity is written down */
    public record Subject(String metric, Location location) {}

    public EvaluateStep(
            JobRun run,
            JobResources resources,
            Windows windows,
            List<Subject> subjects,
            FencedTransactions fenced,
            ProgressWriter writer) {
        this.run = run;
        this.resources = resources;
        this.windows = windows;
        this.subjects = subjects;
        this.fenced = fenced;
        this.writer = writer;
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.EVALUATE);
        int[][] tokens = windows.evaluation();
        for (int i = 0; i < subjects.size(); i++) {
            Subject subject = subjects.get(i);
            boolean known =
                    fenced.commit(run.lease(), client -> ModelMetrics.has(client, run.lease(), subject.metric()));
            if (!known) {
                measure(subject, tokens, i);
            }
        }
    }

    private void measure(Subject subject, int[][] tokens, int index) throws IOException {
        try (CausalLanguageModel model =
                CausalLanguageModel.open(subject.location().directory())) {
            Perplexity perplexity = Perplexity.evaluate(model, tokens, resources.context(), (evaluated, all) -> {
                run.check();
                run.progress().done((index + (double) evaluated / all) / subjects.size());
            });
            fenced.run(run.lease(), client -> {
                ModelMetrics.write(client, run.lease(), Map.of(subject.metric(), perplexity.value()));
                writer.insert(
                        client,
                        run.lease(),
                        new Event("metric", Map.of("name", subject.metric(), "value", perplexity.value())));
            });
        }
    }
}

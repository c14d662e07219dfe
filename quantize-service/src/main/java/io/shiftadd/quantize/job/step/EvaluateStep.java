package io.shiftadd.quantize.job.step;

import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.evaluation.Comparison;
import io.shiftadd.quantize.job.lease.Events.Event;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ModelMetrics;
import io.shiftadd.quantize.job.run.ProgressWriter;
import io.shiftadd.quantize.job.run.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result beside its original over the same windows, through the layers and kernels that serve them: both
 * perplexities, and how far their distributions are apart. What an earlier run has measured is not measured again.
 */
public final class EvaluateStep implements StepWork {

    private final JobRun run;
    private final JobResources resources;
    private final Windows windows;
    private final Location result;
    private final FencedTransactions fenced;
    private final ProgressWriter writer;

    /** Finds a model's directory when its turn comes. */
    @FunctionalInterface
    public interface Location {
        Path directory() throws IOException;
    }

    public EvaluateStep(
            JobRun run,
            JobResources resources,
            Windows windows,
            Location result,
            FencedTransactions fenced,
            ProgressWriter writer) {
        this.run = run;
        this.resources = resources;
        this.windows = windows;
        this.result = result;
        this.fenced = fenced;
        this.writer = writer;
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.EVALUATE);
        if (fenced.commit(
                run.lease(),
                client -> ModelMetrics.has(client, run.lease(), ModelMetrics.PERPLEXITY_REPARAMETERIZED))) {
            return;
        }
        int[][] tokens = windows.evaluation();
        try (CausalLanguageModel original =
                        CausalLanguageModel.open(resources.source().location());
                CausalLanguageModel model = CausalLanguageModel.open(result.directory())) {
            Comparison comparison =
                    Comparison.evaluate(original, model, tokens, resources.context(), (evaluated, all) -> {
                        run.check();
                        run.progress().done((double) evaluated / all);
                    });
            write(comparison);
        }
    }

    private void write(Comparison comparison) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put(ModelMetrics.PERPLEXITY_ORIGINAL, comparison.original().value());
        metrics.put(ModelMetrics.PERPLEXITY_REPARAMETERIZED, comparison.model().value());
        metrics.put(ModelMetrics.DIVERGENCE, comparison.divergence());
        metrics.put(ModelMetrics.AGREEMENT, comparison.agreement());
        fenced.run(run.lease(), client -> {
            ModelMetrics.write(client, run.lease(), metrics);
            metrics.forEach((name, value) ->
                    writer.insert(client, run.lease(), new Event("metric", Map.of("name", name, "value", value))));
        });
    }
}

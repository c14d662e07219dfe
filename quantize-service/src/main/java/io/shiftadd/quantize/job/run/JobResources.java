package io.shiftadd.quantize.job.run;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.job.ResourceEstimate;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/** What a run holds open while it works; opened on first use, closed when the run ends. One thread at a time. */
public final class JobResources implements AutoCloseable {

    private final JobRun run;
    private final SourceModel source;
    private final int threads;
    private @Nullable CausalLanguageModel model;
    private @Nullable Checkpoint checkpoint;
    private @Nullable Tokenizer tokenizer;
    private @Nullable KernelContext context;
    private @Nullable CalibrationSet calibration;

    public JobResources(JobRun run, SourceModel source, int threads) {
        this.run = run;
        this.source = source;
        this.threads = threads;
    }

    public SourceModel source() {
        return source;
    }

    public CausalLanguageModel model() {
        if (model == null) {
            model = CausalLanguageModel.open(source.location());
        }
        return model;
    }

    public ResourceEstimate estimate() {
        return ResourceEstimate.of(
                source.dimensions(model().config()), run.job().kind(), run.settings());
    }

    /** The tensors of the original model as they lie in its files. */
    public Checkpoint checkpoint() {
        if (checkpoint == null) {
            checkpoint = Checkpoint.open(source.location());
        }
        return checkpoint;
    }

    public Tokenizer tokenizer() {
        if (tokenizer == null) {
            tokenizer = Tokenizer.open(source.location());
        }
        return tokenizer;
    }

    public KernelContext context() {
        if (context == null) {
            context = KernelContext.create(threads);
            context.interruptBy(run::check);
        }
        return context;
    }

    public CalibrationSet calibration() {
        if (calibration == null) {
            calibration = CalibrationSet.open(run.workspace().calibration());
        }
        return calibration;
    }

    /** Takes the place of the set in the work directory: a copy for one block. */
    public void calibrateWith(CalibrationSet set) {
        calibration = set;
    }

    @Override
    public void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
        if (model != null) {
            model.close();
        }
        if (checkpoint != null) {
            checkpoint.close();
        }
        if (context != null) {
            context.close();
        }
    }
}

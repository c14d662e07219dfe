package io.shiftadd.quantize.job.run;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.job.ResourceEstimate;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.Transformer;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/** What a run holds open while it works; opened on first use, closed when the run ends. One thread at a time. */
public final class JobResources implements AutoCloseable {

    private final JobRun run;
    private final SourceModel source;
    private final int threads;
    private @Nullable Transformer model;
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

    public Transformer model() {
        if (model == null) {
            model = Transformer.open(source.location());
        }
        return model;
    }

    /** The model of a job on text. @throws JobRefusedException if it is one of images */
    public CausalLanguageModel languageModel() {
        if (model() instanceof CausalLanguageModel language) {
            return language;
        }
        throw new JobRefusedException(
                source.name() + " is a model of images", "Post the job with calibrationImages and evaluationImages.");
    }

    /** The model of a job on images. @throws JobRefusedException if it is one of text */
    public ImageClassifier imageModel() {
        if (model() instanceof ImageClassifier images) {
            return images;
        }
        throw new JobRefusedException(
                source.name() + " is a model of text", "Post the job with calibrationText and evaluationText.");
    }

    public ResourceEstimate estimate() {
        return ResourceEstimate.of(
                source.dimensions(model().config()),
                run.job().kind(),
                run.settings(),
                Runtime.getRuntime().maxMemory());
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

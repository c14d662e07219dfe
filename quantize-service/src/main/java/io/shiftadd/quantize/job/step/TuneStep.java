package io.shiftadd.quantize.job.step;

import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.job.Tuning;
import io.shiftadd.quantize.artifact.DurableFiles;
import io.shiftadd.quantize.job.lease.FencedTransactions;
import io.shiftadd.quantize.job.run.JobMeters;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.ModelMetrics;
import io.shiftadd.quantize.job.run.Stage;
import io.shiftadd.quantize.tuning.TunedModel;
import io.shiftadd.quantize.tuning.Tuner;
import io.shiftadd.quantize.tuning.TuningSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tunes the packed model by self-distillation: its layers and norms go into files beside those that were fitted. A file
 * of what the next step needs is written every minute or so, and a run that was broken off goes on from there: to the
 * same bytes.
 */
public final class TuneStep implements StepWork {

    /** Share of the bar that the text takes, where it is sampled. */
    private static final double SAMPLING = 0.2;

    private final JobRun run;
    private final JobResources resources;
    private final Windows windows;
    private final FencedTransactions fenced;
    private final JobMeters meters;
    private final JsonMapper json;
    private final Duration checkpoint;

    /** @param checkpoint after which the state is written down, at the end of the step that runs then */
    public TuneStep(
            JobRun run,
            JobResources resources,
            Windows windows,
            FencedTransactions fenced,
            JobMeters meters,
            JsonMapper json,
            Duration checkpoint) {
        this.run = run;
        this.resources = resources;
        this.windows = windows;
        this.fenced = fenced;
        this.meters = meters;
        this.json = json;
        this.checkpoint = checkpoint;
    }

    private static Tuning tune(JobRun run) {
        return Objects.requireNonNull(run.settings().tune());
    }

    /** Tokens of a sequence. */
    public static int length(JobRun run, JobResources resources) {
        return Tuning.length(
                run.settings().sequenceLength(resources.model().config().contextLength()));
    }

    /** Steps; where time decides, once it has. */
    public static int steps(JobRun run, JobResources resources, JsonMapper json) throws IOException {
        return tune(run).timed()
                ? json.readValue(Files.readAllBytes(run.workspace().tuningSteps()), Integer.class)
                : tune(run).steps(length(run, resources));
    }

    public static long seed(JobRun run) {
        return Objects.requireNonNullElse(tune(run).seed(), run.settings().seed());
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.TUNE);
        long start = System.nanoTime();
        int length = length(run, resources);
        TuningTexts source = new TuningTexts(run, resources, windows, tune(run).textOrDefault(), length, seed(run));
        try (PackedModel packed = new PackedModel(run, resources)) {
            if (tune(run).timed() && !Files.exists(run.workspace().tuningSteps())) {
                decideSteps(packed, source, length, start);
            }
            TuningSettings settings = settings(steps(run, resources, json), packed, length);
            int[][] texts =
                    source.texts(settings.texts(), share -> run.progress().done(SAMPLING * share));
            Tuner tuner = tuner(packed, settings);
            if (Files.exists(run.workspace().tuning())) {
                tuner.restore(run.workspace().tuning());
            }
            train(tuner, settings, texts, source, start);
            write(tuner.result());
        }
    }

    private TuningSettings settings(int steps, PackedModel packed, int length) {
        return TuningSettings.of(steps, packed.meanBits(), length, seed(run));
    }

    private Tuner tuner(PackedModel packed, TuningSettings settings) {
        return new Tuner(
                resources.languageModel(),
                packed.blocks(),
                resources.model().headWeights(),
                packed.head(),
                settings,
                resources.context());
    }

    /**
     * By the time that one step takes, and the text for it; the first step, in which code is compiled, does not count.
     */
    private void decideSteps(PackedModel packed, TuningTexts source, int length, long start) throws IOException {
        TuningSettings trial = settings(2, packed, length);
        int[][] texts = source.texts(trial.texts(), _ -> {});
        double sampling = seconds(start) / trial.texts() * trial.sequences();
        Tuner tuner = tuner(packed, trial);
        tuner.step(texts, source);
        long second = System.nanoTime();
        tuner.step(texts, source);
        double step = seconds(second);
        double left =
                Duration.ofMinutes(Objects.requireNonNull(tune(run).minutes())).toSeconds() - seconds(start);
        int steps = (int) Math.clamp(left / (step + sampling), 1, Integer.MAX_VALUE / trial.tokens());
        DurableFiles.write(run.workspace().tuningSteps(), run.workspace().owner(), json.writeValueAsBytes(steps));
    }

    private void train(Tuner tuner, TuningSettings settings, int[][] texts, Tuner.TeacherStates states, long start) {
        TuningCurve curve = new TuningCurve(run, settings);
        int first = tuner.step();
        long saved = System.nanoTime();
        while (tuner.step() < settings.steps()) {
            run.check();
            long began = System.nanoTime();
            double loss = step(tuner, texts, states);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            curve.add(tuner.step(), loss, took);
            meters.tuned(run.settings().methodOrDefault().word(), settings.tokens(), took);
            if (tuner.step() == 1) {
                fenced.run(
                        run.lease(),
                        client -> ModelMetrics.write(client, run.lease(), Map.of("tune_loss_first", loss)));
            }
            run.progress().done(SAMPLING + (1 - SAMPLING) * tuner.step() / settings.steps());
            if (System.nanoTime() - saved > checkpoint.toNanos()) {
                tuner.save(run.workspace().tuning());
                saved = System.nanoTime();
            }
        }
        if (tuner.step() > first) {
            tuner.save(run.workspace().tuning());
            Map<String, Double> metrics = curve.metrics(tuner.step() - first, seconds(start));
            fenced.run(run.lease(), client -> ModelMetrics.write(client, run.lease(), metrics));
        }
    }

    private static double step(Tuner tuner, int[][] texts, Tuner.TeacherStates states) {
        try {
            return tuner.step(texts, states);
        } catch (ArithmeticException diverged) {
            throw new JobRefusedException(
                    diverged.getMessage() == null ? "the tuning diverged" : diverged.getMessage(),
                    "Post the job with another seed, with more bits, or without tune.");
        }
    }

    private void write(TunedModel tuned) {
        for (int i = 0; i < tuned.blocks().size(); i++) {
            PackedBlocks.writeTuned(run.workspace().tuned(i), tuned.blocks().get(i));
        }
        SafetensorsWriter norms = new SafetensorsWriter(Map.of());
        tuned.writeNorms(resources.model().config().norm(), norms);
        norms.write(run.workspace().tunedNorms());
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}

package io.shiftadd.quantize.job.step;

import io.shiftadd.job.JobSettings;
import io.shiftadd.job.TextId;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.IdWithoutRowException;
import io.shiftadd.model.TokenGate;
import io.shiftadd.quantize.calibration.SelfSampler;
import io.shiftadd.quantize.calibration.TokenWindows;
import io.shiftadd.quantize.evaluation.MeasurementException;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.RegistryRows;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The windows of tokens that a job calibrates with and is evaluated on: from a registered text, or the model's own. */
public final class Windows {

    /** Keeps the evaluation's samples apart from those that the model was calibrated with. */
    private static final long HELD_OUT = 0x5EED_0001L;

    /** Windows of self-sampled evaluation text when the job does not say how many. */
    private static final int DEFAULT_EVALUATION = 32;

    private static final int BYTES_PER_TOKEN = 4;

    private final JobRun run;
    private final JobResources resources;
    private final RegistryRows registry;

    public Windows(JobRun run, JobResources resources, RegistryRows registry) {
        this.run = run;
        this.resources = resources;
        this.registry = registry;
    }

    /** {@code [samples][length]}, at random places of the calibration text. */
    int[][] calibration() throws IOException {
        JobSettings settings = run.settings();
        TextId text = run.job().calibrationTextId();
        return text == null
                ? sample(
                        resources.languageModel(),
                        resources.tokenizer(),
                        settings.calibrationWindows(),
                        settings.seed())
                : cut(
                        "calibration",
                        text,
                        resources.languageModel(),
                        resources.tokenizer(),
                        tokens ->
                                TokenWindows.random(tokens, settings.calibrationWindows(), length(), settings.seed()));
    }

    /** {@code [count][length]}, at random places of the calibration text, which the job has. */
    int[][] ofCalibrationText(int count, int length, long seed) throws IOException {
        return cut(
                "calibration",
                Objects.requireNonNull(run.job().calibrationTextId()),
                resources.languageModel(),
                resources.tokenizer(),
                tokens -> TokenWindows.random(tokens, count, length, seed));
    }

    /** {@code [windows][length]}, from the beginning of the evaluation text, not overlapping. */
    int[][] evaluation() throws IOException {
        return evaluation(resources.languageModel(), resources.tokenizer());
    }

    /** The same for a model that has a tokenizer of its own. */
    int[][] evaluation(CausalLanguageModel model, Tokenizer tokenizer) throws IOException {
        int windows = run.settings().evaluationWindows();
        TextId text = run.job().evaluationTextId();
        if (text == null) {
            long seed = run.settings().seed() ^ HELD_OUT;
            return sample(model, tokenizer, windows > 0 ? windows : DEFAULT_EVALUATION, seed);
        }
        int most = windows > 0 ? windows : Integer.MAX_VALUE;
        return cut("evaluation", text, model, tokenizer, tokens -> TokenWindows.consecutive(tokens, most, length()));
    }

    /** How many tokens the evaluation has, roughly where that is up to the text. */
    long evaluationTokens() {
        TextId text = run.job().evaluationTextId();
        int windows = run.settings().evaluationWindows();
        if (windows == 0 && text != null) {
            return registry.text(text).sizeBytes() / BYTES_PER_TOKEN + 1;
        }
        return (long) (windows > 0 ? windows : DEFAULT_EVALUATION) * length();
    }

    private int length() {
        return run.settings().sequenceLength(resources.languageModel().config().contextLength());
    }

    private int[][] sample(CausalLanguageModel model, Tokenizer tokenizer, int samples, long seed) {
        return new SelfSampler(model, tokenizer.bosId(), resources.context()).sample(samples, length(), seed);
    }

    private int[][] cut(String use, TextId text, CausalLanguageModel model, Tokenizer tokenizer, Cut cut)
            throws IOException {
        Path file = registry.text(text).path();
        String what = "the " + use + " text " + file;
        int[] tokens;
        try {
            tokens = tokenizer.encodePrompt(Files.readString(file));
        } catch (MalformedInputException malformed) {
            throw new JobRefusedException(what + " is not UTF-8", "Convert it to UTF-8 and register it again.");
        }
        try {
            TokenGate.of(model.config(), tokenizer::token).pass(tokens);
        } catch (IdWithoutRowException unknown) {
            throw MeasurementException.unknown(unknown, what, "register the text again and post the job with it");
        }
        if (tokens.length < length()) {
            throw new JobRefusedException(
                    what + " is too short: it has " + tokens.length + " tokens, a window takes " + length(),
                    "Register a longer text, or post the job with a smaller sequenceLength.");
        }
        return cut.windows(tokens);
    }

    @FunctionalInterface
    private interface Cut {
        int[][] windows(int[] tokens);
    }
}

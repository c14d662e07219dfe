package io.shiftadd.quantize.job.step;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.kernel.PackedLinearFormat;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.Transformer;
import io.shiftadd.quantize.artifact.DurableFiles;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.evaluation.Perplexity;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.reparameterization.BlockReparameterizer;
import io.shiftadd.quantize.reparameterization.HeadReparameterizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;

/**
 * Makes a model with given bits only to measure it: the very model that the job would publish with them. Its packed
 * layers lie in files while it is measured, and are gone afterwards.
 */
final class CandidateModel {

    /** Of the time, what is left for the evaluation. */
    private static final double MAKING = 0.9;

    private final JobRun run;
    private final JobResources resources;
    private final int[][] windows;

    /** @param windows to measure on */
    CandidateModel(JobRun run, JobResources resources, int[][] windows) {
        this.run = run;
        this.resources = resources;
        this.windows = windows;
    }

    /** @param done hears which share is done, 0 to 1 */
    double perplexity(Map<String, Integer> bits, DoubleConsumer done) throws IOException {
        Path directory = run.workspace().candidate();
        DurableFiles.deleteTree(directory);
        Files.createDirectories(directory);
        try {
            List<Path> files = make(bits, directory, done);
            return measure(files, done);
        } finally {
            DurableFiles.deleteTree(directory);
            run.workspace().discardProfile();
        }
    }

    private List<Path> make(Map<String, Integer> bits, Path directory, DoubleConsumer done) throws IOException {
        CausalLanguageModel model = resources.languageModel();
        CalibrationSet calibration = CalibrationSet.open(run.workspace().calibrationForProfile());
        BlockReparameterizer reparameterizer = new BlockReparameterizer(model, run.recipe(), resources.context());
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < model.blockCount(); i++) {
            int index = i;
            Path file = directory.resolve("packed-" + index + ".safetensors");
            var result = reparameterizer.reparameterize(index, calibration, bits, (fraction, activity) -> {
                run.check();
                done.accept(MAKING * (index + fraction) / model.blockCount());
            });
            PackedBlocks.write(file, result.layers(), resources.checkpoint());
            files.add(file);
            calibration.discardBefore(index + 1);
        }
        Integer headBits = run.settings().headBits();
        if (headBits != null) {
            Path file = directory.resolve("packed-head.safetensors");
            var head = HeadStep.fit(run, resources, files, calibration, headBits);
            PackedBlocks.write(file, List.of(head), resources.checkpoint());
            files.add(file);
        }
        return files;
    }

    private double measure(List<Path> files, DoubleConsumer done) {
        Path last = files.getLast();
        try (ServedBlocks served = new ServedBlocks(resources.languageModel(), files);
                Checkpoint head = files.size() > served.model().blockCount() ? Checkpoint.open(last) : null) {
            Transformer model = head == null
                    ? served.model()
                    : served.model().withHead(PackedLinearFormat.read(HeadReparameterizer.NAME, head));
            return Perplexity.evaluate((CausalLanguageModel) model, windows, resources.context(), (evaluated, all) -> {
                        run.check();
                        done.accept(MAKING + (1 - MAKING) * evaluated / all);
                    })
                    .value();
        }
    }
}

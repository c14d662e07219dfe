package io.shiftadd.quantize.job.step;

import io.shiftadd.model.ImageClassifier;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.calibration.ImageSample;
import io.shiftadd.quantize.calibration.OriginalPass;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.Stage;
import io.shiftadd.quantize.reparameterization.CalibrationBudget;
import java.io.IOException;

/**
 * Lays out the calibration tokens and their embeddings, from which the first block starts; where every block takes its
 * inputs from the unmodified model, the states before all of them.
 */
public final class CalibrateStep implements StepWork {

    private final JobRun run;
    private final JobResources resources;
    private final Windows windows;
    private final Images images;

    public CalibrateStep(JobRun run, JobResources resources, Windows windows, Images images) {
        this.run = run;
        this.resources = resources;
        this.windows = windows;
        this.images = images;
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.CALIBRATE);
        CalibrationSet calibration = run.settings().calibrationImages() == null ? ofText() : ofImages();
        if (run.settings().originalCalibration()) {
            int blocks = resources.model().blockCount();
            new OriginalPass(resources.model(), calibration, resources.context())
                    .run(done -> run.progress().done((double) done / blocks));
        }
    }

    private CalibrationSet ofText() throws IOException {
        int[][] tokens = CalibrationBudget.windows(windows.calibration(), resources.model(), run.recipe());
        run.check();
        return CalibrationSet.create(run.workspace().calibration(), resources.languageModel(), tokens);
    }

    private CalibrationSet ofImages() {
        ImageClassifier model = resources.imageModel();
        ImageSample sample = images.calibration(CalibrationBudget.sequences(
                run.settings().calibrationWindows(), model.config().contextLength(), model, run.recipe()));
        run.check();
        return CalibrationSet.create(run.workspace().calibration(), model, sample, resources.context());
    }
}

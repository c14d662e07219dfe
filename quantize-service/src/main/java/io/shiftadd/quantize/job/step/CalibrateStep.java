package io.shiftadd.quantize.job.step;

import io.shiftadd.quantize.calibration.CalibrationSet;
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

    public CalibrateStep(JobRun run, JobResources resources, Windows windows) {
        this.run = run;
        this.resources = resources;
        this.windows = windows;
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.CALIBRATE);
        int[][] tokens = CalibrationBudget.windows(windows.calibration(), resources.model(), run.recipe());
        run.check();
        CalibrationSet calibration = CalibrationSet.create(run.workspace().calibration(), resources.model(), tokens);
        if (run.settings().originalCalibration()) {
            int blocks = resources.model().blockCount();
            new OriginalPass(resources.model(), calibration, resources.context())
                    .run(done -> run.progress().done((double) done / blocks));
        }
    }
}

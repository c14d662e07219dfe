package io.shiftadd.quantize.job;

import io.shiftadd.quantize.job.SourceModel.RegisteredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Refuses a job that cannot succeed before it costs anything: changed files, too little room, too little memory. */
final class ValidateStep implements StepWork {

    private final JobRun run;
    private final RegistryRows registry;

    ValidateStep(JobRun run, RegistryRows registry) {
        this.run = run;
        this.registry = registry;
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.VALIDATE);
        SourceModel model = registry.model(run.job().modelId());
        List<RegisteredFile> files = new ArrayList<>(registry.files(model));
        if (run.job().calibrationTextId() != null) {
            files.add(registry.text(run.job().calibrationTextId()));
        }
        if (run.job().evaluationTextId() != null) {
            files.add(registry.text(run.job().evaluationTextId()));
        }
        SourceFiles.verify(files, run::check, run.progress()::done);
    }
}

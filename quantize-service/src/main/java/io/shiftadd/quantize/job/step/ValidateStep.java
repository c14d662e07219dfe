package io.shiftadd.quantize.job.step;

import io.shiftadd.format.contents.ModelContents;
import io.shiftadd.job.ModelId;
import io.shiftadd.job.ResourceEstimate;
import io.shiftadd.job.TextId;
import io.shiftadd.model.Transformer;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.VisionSettings;
import io.shiftadd.quantize.evaluation.Task;
import io.shiftadd.quantize.job.run.DiskSpace;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.RegistryRows;
import io.shiftadd.quantize.job.run.SourceModel;
import io.shiftadd.quantize.job.run.SourceModel.RegisteredFile;
import io.shiftadd.quantize.job.run.Stage;
import io.shiftadd.quantize.tuning.Tuner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Refuses a job that cannot succeed before it costs anything: changed files, too little room, too little memory. */
public final class ValidateStep implements StepWork {

    private final JobRun run;
    private final JobResources resources;
    private final RegistryRows registry;
    private final DiskSpace disk;
    private final TaskData data;
    private final Images images;

    public ValidateStep(
            JobRun run, JobResources resources, RegistryRows registry, DiskSpace disk, TaskData data, Images images) {
        this.data = data;
        this.images = images;
        this.run = run;
        this.resources = resources;
        this.registry = registry;
        this.disk = disk;
    }

    @Override
    public void execute() throws IOException {
        run.progress().enter(Stage.VALIDATE);
        verifyFiles();
        for (Task task : data.tasks()) {
            data.examples(task);
        }
        ModelConfig config = resources.model().config();
        images.require(resources.model());
        requireContext(config);
        if (run.settings().tune() != null && !Tuner.canTune(config)) {
            throw new JobRefusedException(
                    "models of family " + resources.source().family()
                            + " cannot be tuned: their layers round their inputs, which has no gradient",
                    "Post the job without tune.");
        }
        requireExperts(config);
        ResourceEstimate estimate = resources.estimate();
        ModelId baseline = run.job().baselineModelId();
        if (baseline != null) {
            SourceModel other = registry.model(baseline);
            ModelConfig ofOther = ModelConfig.read(other.location());
            requireContext(ofOther);
            requireMemory(ResourceEstimate.of(
                    other.dimensions(ofOther),
                    run.job().kind(),
                    run.settings(),
                    Runtime.getRuntime().maxMemory()));
        }
        requireMemory(estimate);
        disk.requireForJob();
        run.progress().blocks(0, config.layers());
        run.progress()
                .event("resources", Map.of("memoryBytes", estimate.memoryBytes(), "diskBytes", estimate.diskBytes()));
    }

    /** That they are those that were registered, and that every weight is a number. */
    private void verifyFiles() throws IOException {
        List<SourceModel> models = new ArrayList<>(List.of(resources.source()));
        ModelId beside = run.job().baselineModelId();
        if (beside != null) {
            models.add(registry.model(beside));
        }
        List<RegisteredFile> texts = new ArrayList<>();
        addText(run.job().calibrationTextId(), texts);
        addText(run.job().evaluationTextId(), texts);
        long bytes = texts.stream().mapToLong(RegisteredFile::sizeBytes).sum()
                + models.stream().mapToLong(SourceModel::sizeBytes).sum();
        SourceFiles files = new SourceFiles(bytes, run::check, run.progress()::done);
        for (RegisteredFile text : texts) {
            files.verify(text);
        }
        images.verify();
        for (SourceModel model : models) {
            ModelContents contents = files.verify(model, registry.files(model));
            try (Transformer opened = Transformer.inspect(model.location())) {
                contents.requireFinite(opened.tensorNames());
            }
        }
    }

    private void addText(@Nullable TextId id, List<RegisteredFile> files) {
        if (id != null) {
            files.add(registry.text(id));
        }
    }

    private void requireContext(ModelConfig config) {
        int length = run.settings().sequenceLength(config.contextLength());
        if (length > config.contextLength()) {
            throw new JobRefusedException(
                    "sequences of " + length + " tokens do not fit the model's context of " + config.contextLength(),
                    "Post the job with sequenceLength at most " + config.contextLength() + ".");
        }
    }

    private void requireExperts(ModelConfig config) {
        boolean two = config.vision().map(VisionSettings::shiftExperts).orElse(false);
        if (run.settings().balancesExperts() && !two) {
            throw new JobRefusedException(
                    resources.source().name() + " has no two experts that a router chooses between",
                    "Post the job without balanceExperts.");
        }
    }

    private static void requireMemory(ResourceEstimate estimate) {
        long limit = Runtime.getRuntime().maxMemory();
        if (estimate.memoryBytes() > limit) {
            throw new JobRefusedException(
                    "the job needs about %d MB of memory, the quantize-service may use %d MB"
                            .formatted(estimate.memoryBytes() >> 20, limit >> 20),
                    "Post it with the preset fast or a smaller sequenceLength, or start the quantize-service with a larger"
                            + " heap (SHIFTADD_JAVA_OPTIONS=-Xmx8g), then retry the job.");
        }
    }
}

package io.shiftadd.quantize.job.step;

import io.shiftadd.job.ImageSetId;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.Transformer;
import io.shiftadd.model.vision.ImageLabels;
import io.shiftadd.model.vision.ImagePreprocessor;
import io.shiftadd.model.vision.ImageSet;
import io.shiftadd.quantize.calibration.ImageSample;
import io.shiftadd.quantize.job.run.JobRefusedException;
import io.shiftadd.quantize.job.run.JobResources;
import io.shiftadd.quantize.job.run.JobRun;
import io.shiftadd.quantize.job.run.RegistryRows;
import io.shiftadd.quantize.job.run.RegistryRows.SourceImages;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The images that a job on a model of images calibrates with and is evaluated on. */
public final class Images {

    /** Keeps the choice of evaluation images apart from that of calibration images. */
    private static final long EVALUATION = 0x5EED_0002L;

    private final JobRun run;
    private final JobResources resources;
    private final RegistryRows registry;

    public Images(JobRun run, JobResources resources, RegistryRows registry) {
        this.run = run;
        this.resources = resources;
        this.registry = registry;
    }

    /** @throws JobRefusedException when files are not those that were registered */
    void verify() {
        for (ImageSetId id : sets()) {
            SourceImages source = registry.images(id);
            ImageSet set = ImageSet.open(source.location());
            if (!set.digest(ImageSet.base(source.location()), run::check).equals(source.sha256())) {
                throw new JobRefusedException(
                        "the image set " + source.name() + " at " + source.location()
                                + " has changed since it was registered",
                        "Restore its files as they were, or register it again and post a new job.");
            }
        }
    }

    private Set<ImageSetId> sets() {
        Set<ImageSetId> sets = new LinkedHashSet<>();
        if (run.settings().calibrationImages() != null) {
            sets.add(run.settings().calibrationImages());
        }
        if (run.settings().evaluationImages() != null) {
            sets.add(run.settings().evaluationImages());
        }
        return sets;
    }

    /** That the evaluation set's classes are the model's, before anything is computed. */
    void require(Transformer model) {
        if (run.settings().evaluationImages() != null) {
            if (!(model instanceof ImageClassifier images)) {
                throw new JobRefusedException(
                        resources.source().name() + " is a model of text",
                        "Post the job with calibrationText and evaluationText.");
            }
            classes(images);
        }
    }

    /** So many of the calibration set, at random. */
    ImageSample calibration(int most) {
        ImageClassifier model = resources.imageModel();
        ImageSet set = open(run.settings().calibrationImages());
        ImagePreprocessor preprocessor = ImagePreprocessor.of(resources.source().location(), model.config());
        return ImageSample.of(set, preprocessor, most, run.settings().seed());
    }

    /** Those that the job is evaluated on, as their model sees them. */
    ImageSample evaluation(ImagePreprocessor preprocessor) {
        int images = run.settings().evaluationWindows();
        return ImageSample.of(
                open(run.settings().evaluationImages()),
                preprocessor,
                images > 0 ? images : Integer.MAX_VALUE,
                run.settings().seed() ^ EVALUATION);
    }

    /** For each class of the evaluation set the model's. */
    int[] classes(ImageClassifier model) {
        return ImageLabels.match(
                evaluationClasses(),
                model.vision().labels(),
                "image set "
                        + registry.images(Objects.requireNonNull(run.settings().evaluationImages()))
                                .name());
    }

    List<String> evaluationClasses() {
        return open(run.settings().evaluationImages()).classes();
    }

    private ImageSet open(@Nullable ImageSetId id) {
        return ImageSet.open(registry.images(Objects.requireNonNull(id)).location());
    }
}

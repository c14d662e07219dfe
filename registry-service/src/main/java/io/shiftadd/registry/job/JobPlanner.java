package io.shiftadd.registry.job;

import io.shiftadd.http.problem.FieldError;
import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.job.Calibration;
import io.shiftadd.job.ImageSetId;
import io.shiftadd.job.JobKind;
import io.shiftadd.job.JobSettings;
import io.shiftadd.job.Method;
import io.shiftadd.job.ModelId;
import io.shiftadd.job.NumberSetting;
import io.shiftadd.job.PackedHead;
import io.shiftadd.job.Preset;
import io.shiftadd.job.Size;
import io.shiftadd.job.TextId;
import io.shiftadd.job.Tuning;
import io.shiftadd.model.family.Modality;
import io.shiftadd.registry.imageset.ImageSetCatalog;
import io.shiftadd.registry.imageset.ImageSetView;
import io.shiftadd.registry.model.ModelCatalog;
import io.shiftadd.registry.model.ModelKind;
import io.shiftadd.registry.model.ModelView;
import io.shiftadd.registry.request.RequestFields;
import io.shiftadd.registry.text.TextCatalog;
import io.shiftadd.registry.text.TextView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Turns a request into settings: finds the model and texts it names, fills in the defaults that depend on them. */
@Service
class JobPlanner {

    private static final int LEAST_BITS = NumberSetting.BITS.least().intValueExact();

    private final ModelCatalog models;
    private final TextCatalog texts;
    private final ImageSetCatalog images;

    JobPlanner(ModelCatalog models, TextCatalog texts, ImageSetCatalog images) {
        this.models = models;
        this.texts = texts;
        this.images = images;
    }

    /** @param naming gives the result its name */
    JobSettings plan(JobRequest request, Function<ModelView, String> naming) {
        List<FieldError> errors = new ArrayList<>();
        ModelView model = model("model", request.model(), errors);
        ModelView baseline = request.baseline() == null ? null : model("baseline", request.baseline(), errors);
        if (model != null) {
            ModalityFields.check(request, model, baseline, errors);
            checkContext(request, model, errors);
            checkBaseline(request, model, baseline, errors);
            if (request.kind() == JobKind.REPARAMETERIZE) {
                checkOriginal(request, model, errors);
            }
        }
        TextId calibration = text("calibrationText", request.calibrationText(), errors);
        TextId evaluation = text("evaluationText", request.evaluationText(), errors);
        ImageSetId calibrationImages = images("calibrationImages", request.calibrationImages(), errors);
        ImageSetId evaluationImages = images("evaluationImages", request.evaluationImages(), errors);
        if (!errors.isEmpty() || model == null) {
            throw ProblemException.invalid(errors);
        }
        Data data = new Data(calibration, evaluation, calibrationImages, evaluationImages);
        return settings(request, model, baseline, data, naming);
    }

    private @Nullable ModelView model(String field, String idOrName, List<FieldError> errors) {
        Optional<ModelView> model = models.find(idOrName);
        if (model.isEmpty()) {
            errors.add(new FieldError(
                    field,
                    "names no registered model",
                    "name or id of a registered model",
                    "import it with POST /api/v1/models"));
        }
        return model.orElse(null);
    }

    private static void checkContext(JobRequest request, ModelView model, List<FieldError> errors) {
        int context = model.shape().contextLength();
        if (request.sequenceLength() != null && request.sequenceLength() > context) {
            errors.add(new FieldError(
                    "sequenceLength",
                    "is " + request.sequenceLength(),
                    NumberSetting.SEQUENCE_LENGTH.least() + " to " + context + ", the context of " + model.name(),
                    null));
        }
    }

    private static void checkBaseline(
            JobRequest request, ModelView model, @Nullable ModelView baseline, List<FieldError> errors) {
        if (baseline == null) {
            return;
        }
        if (baseline.id().equals(model.id())) {
            errors.add(new FieldError("baseline", "is the model itself", "another model", "leave it out"));
        } else if (errors.isEmpty()) {
            checkContext(request, baseline, errors);
        }
    }

    private static void checkOriginal(JobRequest request, ModelView model, List<FieldError> errors) {
        if (model.kind() == ModelKind.REPARAMETERIZED) {
            errors.add(new FieldError(
                    "model",
                    "names a model that is reparameterized already",
                    "an original model",
                    model.parentId() == null ? null : "name its parent " + model.parentId()));
        }
        long least = model.dimensions().linearWeights() * LEAST_BITS / Byte.SIZE;
        if (request.budgetBytes() != null && request.budgetBytes() < least) {
            errors.add(new FieldError(
                    "budgetBytes",
                    "is " + request.budgetBytes(),
                    "at least " + least + ", " + LEAST_BITS + " bits for each weight of the linear layers of "
                            + model.name() + ", and room for the scales",
                    "raise it"));
        }
        checkTuning(request, model, errors);
        if (request.name() == null && !RequestFields.isName(request.defaultName(model.name()) + "-999")) {
            errors.add(new FieldError(
                    "name",
                    "is missing, and the default would be too long",
                    RequestFields.NAME_LIMIT,
                    "add the field name"));
        }
    }

    private static void checkTuning(JobRequest request, ModelView model, List<FieldError> errors) {
        Tuning tune = request.tune();
        if (tune == null) {
            return;
        }
        if (!model.dimensions().canBeTuned()) {
            errors.add(new FieldError(
                    "tune",
                    "is not possible for models of family " + model.family(),
                    "a family of language models whose layers do not round their inputs",
                    "leave it out"));
        }
        long length = Tuning.length(sequenceLength(request, model, null));
        long most = NumberSetting.TUNE_STEPS.most().longValueExact() * Tuning.SEQUENCES * length;
        if (tune.tokens() != null && tune.tokens() > most) {
            errors.add(new FieldError(
                    "tune.tokens",
                    "is " + tune.tokens(),
                    "at most " + most + ", " + NumberSetting.TUNE_STEPS.most() + " steps of " + Tuning.SEQUENCES
                            + " sequences of " + length + " tokens",
                    null));
        }
    }

    private @Nullable TextId text(String field, @Nullable String idOrName, List<FieldError> errors) {
        if (idOrName == null) {
            return null;
        }
        Optional<TextView> text = texts.find(idOrName);
        if (text.isEmpty()) {
            errors.add(new FieldError(
                    field,
                    "names no registered text",
                    "name or id of a registered text",
                    "register it with POST /api/v1/texts, or leave it out to sample from the model"));
        }
        return text.map(found -> new TextId(found.id())).orElse(null);
    }

    private @Nullable ImageSetId images(String field, @Nullable String idOrName, List<FieldError> errors) {
        if (idOrName == null) {
            return null;
        }
        Optional<ImageSetView> set = images.find(idOrName);
        if (set.isEmpty()) {
            errors.add(new FieldError(
                    field,
                    "names no registered set of images",
                    "name or id of a registered set of images",
                    "register it with POST /api/v1/image-sets"));
        }
        return set.map(found -> new ImageSetId(found.id())).orElse(null);
    }

    /** What a job reads besides its models. */
    private record Data(
            @Nullable TextId calibrationText,
            @Nullable TextId evaluationText,
            @Nullable ImageSetId calibrationImages,
            @Nullable ImageSetId evaluationImages) {}

    private static JobSettings settings(
            JobRequest request,
            ModelView model,
            @Nullable ModelView baseline,
            Data data,
            Function<ModelView, String> naming) {
        boolean evaluateOnly = request.kind() == JobKind.EVALUATE;
        Method method = request.methodOrDefault();
        Preset preset = request.presetOrDefault();
        Size size = Size.of(request.bits(), request.meanBits(), request.budgetBytes(), request.maxPerplexityIncrease());
        return new JobSettings(
                new ModelId(model.id()),
                model.name(),
                request.kind(),
                evaluateOnly ? null : method,
                request.bits(),
                request.meanBits(),
                request.budgetBytes(),
                request.maxPerplexityIncrease(),
                request.rotation(),
                evaluateOnly ? null : PackedHead.bits(request.headBits(), model.dimensions(), method, size),
                evaluateOnly ? null : naming.apply(model),
                data.calibrationText(),
                data.evaluationText(),
                data.calibrationImages(),
                data.evaluationImages(),
                baseline == null ? null : new ModelId(baseline.id()),
                baseline == null ? null : baseline.name(),
                request.tasksOrNone().isEmpty() ? null : request.tasksOrNone(),
                request.taskLimit(),
                evaluateOnly ? null : Objects.requireNonNullElse(request.samples(), preset.samples()),
                sequenceLength(request, model, baseline),
                Objects.requireNonNullElse(request.evaluationWindows(), preset.evaluationWindows()),
                Objects.requireNonNullElse(request.seed(), 0L),
                evaluateOnly || !method.hasRounds()
                        ? null
                        : Objects.requireNonNullElse(request.rounds(), NumberSetting.ROUNDS.byDefault()),
                evaluateOnly || !method.shiftsAndAdds()
                        ? null
                        : Objects.requireNonNullElse(request.terms(), NumberSetting.TERMS.byDefault()),
                evaluateOnly || !method.hasOrder()
                        ? null
                        : Objects.requireNonNullElse(request.activationOrder(), method.shiftsAndAdds()),
                evaluateOnly ? null : Objects.requireNonNullElse(request.calibration(), Calibration.SEQUENTIAL),
                evaluateOnly ? null : tuning(request, model),
                request.balanceExperts());
    }

    private static @Nullable Tuning tuning(JobRequest request, ModelView model) {
        Tuning tune = request.tune() == null ? ofPreset(request, model) : request.tune();
        if (tune == null) {
            return null;
        }
        boolean unsaid = tune.steps() == null && tune.tokens() == null && tune.minutes() == null;
        return new Tuning(
                unsaid ? (Integer) NumberSetting.TUNE_STEPS.byDefault() : tune.steps(),
                tune.tokens(),
                tune.minutes(),
                tune.textOrDefault(),
                tune.seed() == null ? Objects.requireNonNullElse(request.seed(), 0L) : tune.seed());
    }

    /** A preset tunes what can be tuned, and is silent where it cannot; a request that says so itself is refused. */
    private static @Nullable Tuning ofPreset(JobRequest request, ModelView model) {
        Integer steps = request.presetOrDefault().tuneSteps();
        boolean possible =
                request.methodOrDefault().shiftsAndAdds() && model.dimensions().canBeTuned();
        return steps == null || !possible ? null : new Tuning(steps, null, null, null, null);
    }

    private static int sequenceLength(JobRequest request, ModelView model, @Nullable ModelView baseline) {
        if (request.sequenceLength() != null) {
            return request.sequenceLength();
        }
        int context = model.shape().contextLength();
        if (model.modality() == Modality.IMAGE) {
            return context;
        }
        int both =
                baseline == null ? context : Math.min(context, baseline.shape().contextLength());
        return request.presetOrDefault().sequenceLength(both);
    }
}

package io.shiftadd.registry.job;

import io.shiftadd.registry.model.ModelCatalog;
import io.shiftadd.registry.model.ModelKind;
import io.shiftadd.registry.model.ModelView;
import io.shiftadd.registry.problem.FieldError;
import io.shiftadd.registry.problem.ProblemException;
import io.shiftadd.registry.request.RequestFields;
import io.shiftadd.registry.text.TextCatalog;
import io.shiftadd.registry.text.TextView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Turns a request into settings: finds the model and texts it names, fills in the defaults that depend on them. */
@Service
class JobPlanner {

    private static final int LONGEST_DEFAULT_SEQUENCE = 2048;
    private static final int DEFAULT_SAMPLES = 128;
    private static final int DEFAULT_WINDOWS = 32;
    private static final int DEFAULT_ROUNDS = 20;
    private static final int DEFAULT_TERMS = 3;

    private final ModelCatalog models;
    private final TextCatalog texts;

    JobPlanner(ModelCatalog models, TextCatalog texts) {
        this.models = models;
        this.texts = texts;
    }

    /** @param naming gives the result its name */
    JobSettings plan(JobRequest request, Function<ModelView, String> naming) {
        List<FieldError> errors = new ArrayList<>();
        Optional<ModelView> model = models.find(request.model());
        if (model.isEmpty()) {
            errors.add(new FieldError(
                    "model",
                    "names no registered model",
                    "name or id of a registered model",
                    "import it with POST /api/v1/models"));
        } else {
            checkModel(request, model.get(), errors);
        }
        UUID calibration = text("calibrationText", request.calibrationText(), errors);
        UUID evaluation = text("evaluationText", request.evaluationText(), errors);
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
        return settings(request, model.orElseThrow(), calibration, evaluation, naming);
    }

    private static void checkModel(JobRequest request, ModelView model, List<FieldError> errors) {
        int context = model.shape().contextLength();
        if (request.sequenceLength() != null && request.sequenceLength() > context) {
            errors.add(new FieldError(
                    "sequenceLength",
                    "is " + request.sequenceLength(),
                    "8 to " + context + ", the context of " + model.name(),
                    null));
        }
        if (request.kind() == JobKind.REPARAMETERIZE && model.kind() == ModelKind.REPARAMETERIZED) {
            errors.add(new FieldError(
                    "model",
                    "names a model that is reparameterized already",
                    "an original model",
                    model.parentId() == null ? null : "name its parent " + model.parentId()));
        }
        if (request.kind() == JobKind.REPARAMETERIZE
                && request.name() == null
                && !RequestFields.isName(request.defaultName(model.name()) + "-999")) {
            errors.add(new FieldError(
                    "name",
                    "is missing, and the default would be too long",
                    RequestFields.NAME_LIMIT,
                    "add the field name"));
        }
    }

    private @Nullable UUID text(String field, @Nullable String idOrName, List<FieldError> errors) {
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
        return text.map(TextView::id).orElse(null);
    }

    private static JobSettings settings(
            JobRequest request,
            ModelView model,
            @Nullable UUID calibration,
            @Nullable UUID evaluation,
            Function<ModelView, String> naming) {
        int sequenceLength = Objects.requireNonNullElse(
                request.sequenceLength(),
                Math.min(LONGEST_DEFAULT_SEQUENCE, model.shape().contextLength()));
        int windows = Objects.requireNonNullElse(request.evaluationWindows(), DEFAULT_WINDOWS);
        long seed = Objects.requireNonNullElse(request.seed(), 0L);
        boolean evaluateOnly = request.kind() == JobKind.EVALUATE;
        return new JobSettings(
                model.id(),
                model.name(),
                request.kind(),
                evaluateOnly ? null : request.methodOrDefault(),
                request.bits(),
                request.meanBits(),
                evaluateOnly ? null : naming.apply(model),
                calibration,
                evaluation,
                evaluateOnly ? null : Objects.requireNonNullElse(request.samples(), DEFAULT_SAMPLES),
                sequenceLength,
                windows,
                seed,
                evaluateOnly ? null : Objects.requireNonNullElse(request.rounds(), DEFAULT_ROUNDS),
                evaluateOnly ? null : Objects.requireNonNullElse(request.terms(), DEFAULT_TERMS),
                evaluateOnly ? null : Objects.requireNonNullElse(request.activationOrder(), true),
                evaluateOnly ? null : Objects.requireNonNullElse(request.calibration(), Calibration.SEQUENTIAL));
    }
}

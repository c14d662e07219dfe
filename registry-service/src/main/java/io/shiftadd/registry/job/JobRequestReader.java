package io.shiftadd.registry.job;

import io.shiftadd.job.Calibration;
import io.shiftadd.job.JobKind;
import io.shiftadd.job.Method;
import io.shiftadd.job.NumberSetting;
import io.shiftadd.job.PackedHead;
import io.shiftadd.job.Preset;
import io.shiftadd.job.Rotation;
import io.shiftadd.job.TaskName;
import io.shiftadd.job.Tuning;
import io.shiftadd.job.TuningText;
import io.shiftadd.registry.request.RequestFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a job request and checks which of its fields go together. */
final class JobRequestReader {

    private static final int MAX_REFERENCE = 128;

    /** At least one, and no two of them: they all say how large the result may be. */
    private static final List<String> SIZES = List.of("bits", "meanBits", "budgetBytes", "maxPerplexityIncrease");

    /** Only what reparameterization needs; an evaluation that is sent one of these was meant otherwise. */
    private static final List<String> NOT_FOR_EVALUATION = List.of(
            "method",
            "bits",
            "meanBits",
            "budgetBytes",
            "maxPerplexityIncrease",
            "rotation",
            "headBits",
            "name",
            "calibrationText",
            "calibrationImages",
            "samples",
            "rounds",
            "terms",
            "activationOrder",
            "calibration",
            "preset",
            "tune",
            "balanceExperts");

    /** At most one of them: they all say how long a tuning is. */
    private static final List<String> TUNE_LENGTHS = List.of("steps", "tokens", "minutes");

    private static final List<String> ONLY_FOR_EVALUATION = List.of("baseline", "tasks", "taskLimit");

    private final RequestFields fields;

    private JobRequestReader(RequestFields fields) {
        this.fields = fields;
    }

    /** @throws io.shiftadd.http.problem.ProblemException with every mistake found */
    static JobRequest read(RequestFields fields) {
        String model = fields.require("model", fields.text("model", MAX_REFERENCE), "name or id of a registered model");
        JobKind kind = fields.choice("kind", List.of(JobKind.values()));
        JobRequest request = new JobRequest(
                model == null ? "" : model,
                kind == null ? JobKind.REPARAMETERIZE : kind,
                fields.choice("method", List.of(Method.values())),
                integer(fields, NumberSetting.BITS),
                number(fields, NumberSetting.MEAN_BITS),
                whole(fields, NumberSetting.BUDGET_BYTES),
                number(fields, NumberSetting.MAX_PERPLEXITY_INCREASE),
                fields.choice("rotation", List.of(Rotation.values())),
                integer(fields, NumberSetting.HEAD_BITS),
                fields.name("name"),
                fields.text("calibrationText", MAX_REFERENCE),
                fields.text("evaluationText", MAX_REFERENCE),
                fields.text("calibrationImages", MAX_REFERENCE),
                fields.text("evaluationImages", MAX_REFERENCE),
                fields.text("baseline", MAX_REFERENCE),
                fields.choices("tasks", List.of(TaskName.values())),
                integer(fields, NumberSetting.TASK_LIMIT),
                integer(fields, NumberSetting.SAMPLES),
                integer(fields, NumberSetting.SEQUENCE_LENGTH),
                integer(fields, NumberSetting.EVALUATION_WINDOWS),
                whole(fields, NumberSetting.SEED),
                integer(fields, NumberSetting.ROUNDS),
                integer(fields, NumberSetting.TERMS),
                fields.flag("activationOrder"),
                fields.choice("calibration", List.of(Calibration.values())),
                fields.choice("preset", List.of(Preset.values())),
                integer(fields, NumberSetting.PRIORITY),
                tuning(fields),
                fields.flag("balanceExperts"));
        new JobRequestReader(fields).checkTogether(request);
        fields.finish();
        return request;
    }

    private static @Nullable Tuning tuning(RequestFields fields) {
        RequestFields tune = fields.object("tune", "an object, {} or {\"steps\": 256}");
        if (tune == null) {
            return null;
        }
        Tuning tuning = new Tuning(
                integer(tune, NumberSetting.TUNE_STEPS),
                whole(tune, NumberSetting.TUNE_TOKENS),
                integer(tune, NumberSetting.TUNE_MINUTES),
                tune.choice("text", List.of(TuningText.values())),
                whole(tune, NumberSetting.TUNE_SEED));
        refuseSecond(tune, TUNE_LENGTHS);
        if (tuning.textOrDefault().needsText() && !fields.has("calibrationText")) {
            tune.refuse(
                    "text",
                    "is " + tuning.textOrDefault() + ", and the request names no calibrationText",
                    "sampled where there is no calibrationText",
                    "add calibrationText, or leave it out");
        }
        return tuning;
    }

    private static @Nullable Integer integer(RequestFields fields, NumberSetting setting) {
        return fields.integer(
                setting.leaf(), setting.least().intValueExact(), setting.most().intValueExact());
    }

    private static @Nullable Long whole(RequestFields fields, NumberSetting setting) {
        return fields.whole(
                setting.leaf(), setting.least().longValueExact(), setting.most().longValueExact());
    }

    private static @Nullable Double number(RequestFields fields, NumberSetting setting) {
        return fields.number(
                setting.leaf(), setting.least().doubleValue(), setting.most().doubleValue());
    }

    private void checkTogether(JobRequest request) {
        if (request.kind() == JobKind.EVALUATE) {
            refuseAll(NOT_FOR_EVALUATION, "does not apply to kind evaluate", "leave it out, or ask for reparameterize");
            checkEvaluation();
        } else {
            refuseAll(
                    ONLY_FOR_EVALUATION, "does not apply to kind reparameterize", "leave it out, or ask for evaluate");
            checkSize();
            checkHead(request.headBits());
            checkMethod(request.methodOrDefault());
            if (request.calibration() == Calibration.ORIGINAL && request.maxPerplexityIncrease() != null) {
                fields.refuse(
                        "calibration",
                        "is original, by which no size can be searched for",
                        "sequential together with maxPerplexityIncrease",
                        "leave it out, or name the size");
            }
        }
    }

    private void refuseAll(List<String> names, String message, String remedy) {
        for (String field : names) {
            if (fields.has(field)) {
                fields.refuse(field, message, null, remedy);
            }
        }
    }

    private void checkEvaluation() {
        if (fields.has("taskLimit") && !fields.has("tasks")) {
            fields.refuse("taskLimit", "is given without tasks", null, "add tasks, or leave it out");
        }
        boolean measured = fields.has("tasks") || fields.has("evaluationText") || fields.has("evaluationImages");
        if (fields.has("baseline") && !measured) {
            fields.refuse(
                    "evaluationText",
                    "is missing: on samples of its own a model would be ahead of the baseline",
                    "a registered text, or tasks",
                    "add evaluationText or tasks");
        }
    }

    private void checkHead(@Nullable Integer bits) {
        if (bits != null && bits != PackedHead.NONE && bits < PackedHead.LEAST) {
            fields.refuse(
                    "headBits",
                    "is " + bits,
                    PackedHead.LEAST + " to " + NumberSetting.HEAD_BITS.most() + ", or " + PackedHead.NONE
                            + ", which leaves the head as it is",
                    null);
        }
    }

    private void checkSize() {
        if (SIZES.stream().noneMatch(fields::has)) {
            fields.refuse(
                    "bits",
                    "is missing",
                    "2, 3 or 4 for every layer, or one of meanBits, budgetBytes and maxPerplexityIncrease",
                    "add one of them");
        }
        refuseSecond(fields, SIZES);
    }

    /** Of fields that say the same in different ways all but the first that is given. */
    private static void refuseSecond(RequestFields fields, List<String> names) {
        List<String> given = names.stream().filter(fields::has).toList();
        for (String field : given.subList(Math.min(1, given.size()), given.size())) {
            fields.refuse(
                    field,
                    "is given together with " + given.getFirst(),
                    "one of " + String.join(", ", names),
                    "leave one of them out");
        }
    }

    private void checkMethod(Method method) {
        String remedy = "leave it out, or take method acc or lat";
        if (!method.shiftsAndAdds()) {
            refuseAll(List.of("rotation", "terms", "tune"), "does not apply to method " + method, remedy);
        }
        if (!method.hasRounds()) {
            refuseAll(List.of("rounds"), "does not apply to method " + method, remedy);
        }
        if (!method.hasOrder()) {
            refuseAll(List.of("activationOrder"), "does not apply to method " + method, remedy);
        }
    }
}

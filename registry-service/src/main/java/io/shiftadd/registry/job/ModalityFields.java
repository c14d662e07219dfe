package io.shiftadd.registry.job;

import io.shiftadd.http.problem.FieldError;
import io.shiftadd.job.JobKind;
import io.shiftadd.model.family.Modality;
import io.shiftadd.registry.model.ModelView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which fields of a request go with models of text, and which with models of images. */
final class ModalityFields {

    private ModalityFields() {}

    static void check(JobRequest request, ModelView model, @Nullable ModelView baseline, List<FieldError> errors) {
        boolean images = model.modality() == Modality.IMAGE;
        Map<String, @Nullable Object> others = images ? ofText(request) : ofImages(request);
        others.forEach((field, value) -> {
            if (value != null) {
                errors.add(new FieldError(
                        field,
                        "does not apply to " + model.name() + ", a model of " + (images ? "images" : "text"),
                        images ? "calibrationImages and evaluationImages" : "calibrationText and evaluationText",
                        "leave it out"));
            }
        });
        if (images) {
            require("evaluationImages", request.evaluationImages(), errors);
            if (request.kind() == JobKind.REPARAMETERIZE) {
                require("calibrationImages", request.calibrationImages(), errors);
            }
        }
        if (baseline != null && baseline.modality() != model.modality()) {
            errors.add(new FieldError(
                    "baseline",
                    "names a model of " + baseline.modality().word(),
                    "a model of " + model.modality().word() + ", as " + model.name() + " is",
                    null));
        }
    }

    private static Map<String, @Nullable Object> ofText(JobRequest request) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("calibrationText", request.calibrationText());
        fields.put("evaluationText", request.evaluationText());
        fields.put("tasks", request.tasks());
        fields.put("taskLimit", request.taskLimit());
        fields.put("sequenceLength", request.sequenceLength());
        fields.put("maxPerplexityIncrease", request.maxPerplexityIncrease());
        return fields;
    }

    private static Map<String, @Nullable Object> ofImages(JobRequest request) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("calibrationImages", request.calibrationImages());
        fields.put("evaluationImages", request.evaluationImages());
        fields.put("balanceExperts", request.balanceExperts());
        return fields;
    }

    private static void require(String field, @Nullable String value, List<FieldError> errors) {
        if (value == null) {
            errors.add(new FieldError(
                    field,
                    "is missing: a model of images cannot make images of its own",
                    "name or id of a registered set of images",
                    "register one with POST /api/v1/image-sets, and add the field"));
        }
    }
}

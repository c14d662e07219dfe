package io.shiftadd.registry.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.shiftadd.registry.request.RequestFields;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What POST /api/v1/jobs is sent, checked as far as that is possible without knowing the model. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A job to be queued")
record JobRequest(
        @Schema(
                description = "Name or id of the model",
                requiredMode = Schema.RequiredMode.REQUIRED,
                example = "llama-mini")
        String model,

        @Schema(description = "reparameterize, or evaluate to measure perplexity only", defaultValue = "reparameterize")
        JobKind kind,

        @Schema(
                description = "acc: column-wise groups, for accuracy; lat: block-wise groups, for latency",
                defaultValue = "acc")
        @Nullable
        Method method,

        @Schema(
                description = "Bits of every layer, 2, 3 or 4. Give either bits or meanBits",
                minimum = "2",
                maximum = "4",
                example = "3")
        @Nullable
        Integer bits,

        @Schema(
                description = "Mean bits of a weight, as a budget that is spread over the layers",
                minimum = "2",
                maximum = "4")
        @Nullable
        Double meanBits,

        @Schema(
                description =
                        "Name of the result; <model>-<method>-<bits>bit when absent, with a number added if that is taken")
        @Nullable
        String name,

        @Schema(description = "Name or id of a text to calibrate with; sampled from the model itself when absent")
        @Nullable
        String calibrationText,

        @Schema(description = "Name or id of a text to evaluate on; sampled from the model itself when absent")
        @Nullable
        String evaluationText,

        @Schema(
                description = "Calibration sequences",
                minimum = "1",
                maximum = "4096",
                defaultValue = "128",
                example = "16")
        @Nullable
        Integer samples,

        @Schema(
                description = "Tokens of a sequence; the smaller of 2048 and the model's context when absent",
                minimum = "8",
                example = "256")
        @Nullable
        Integer sequenceLength,

        @Schema(
                description = "Windows of sequenceLength tokens to measure perplexity on; 0 takes the whole text",
                minimum = "0",
                maximum = "100000",
                defaultValue = "32",
                example = "8")
        @Nullable
        Integer evaluationWindows,

        @Schema(
                description = "Seed of all random choices: the same seed gives the same bytes",
                minimum = "0",
                defaultValue = "0")
        @Nullable
        Long seed,

        @Schema(description = "Alternating rounds of a fit", minimum = "1", maximum = "100", defaultValue = "20")
        @Nullable
        Integer rounds,

        @Schema(description = "Signed powers of two in a scale", minimum = "1", maximum = "3", defaultValue = "3")
        @Nullable
        Integer terms,

        @Schema(
                description = "Whether columns are fitted in the order of their activations' energy",
                defaultValue = "true")
        @Nullable
        Boolean activationOrder,

        @Schema(
                description = "sequential: a block is calibrated on what the reparameterized blocks before it put out;"
                        + " original: on the unmodified model, so that all workers share the job's blocks",
                defaultValue = "sequential")
        @Nullable
        Calibration calibration,

        @Schema(description = "Jobs of higher priority go first", minimum = "-100", maximum = "100", defaultValue = "0")
        @Nullable
        Integer priority) {

    private static final int MAX_REFERENCE = 128;
    private static final int MAX_SEQUENCE = 1 << 20;

    /** Only what reparameterization needs; an evaluation that is sent one of these was meant otherwise. */
    private static final List<String> NOT_FOR_EVALUATION = List.of(
            "method",
            "bits",
            "meanBits",
            "name",
            "calibrationText",
            "samples",
            "rounds",
            "terms",
            "activationOrder",
            "calibration");

    static JobRequest read(JsonNode body) {
        RequestFields fields = RequestFields.of(body);
        String model = fields.require("model", fields.text("model", MAX_REFERENCE), "name or id of a registered model");
        JobKind kind = fields.choice("kind", List.of(JobKind.values()));
        JobRequest request = new JobRequest(
                model == null ? "" : model,
                kind == null ? JobKind.REPARAMETERIZE : kind,
                fields.choice("method", List.of(Method.values())),
                fields.integer("bits", 2, 4),
                fields.number("meanBits", 2, 4),
                fields.name("name"),
                fields.text("calibrationText", MAX_REFERENCE),
                fields.text("evaluationText", MAX_REFERENCE),
                fields.integer("samples", 1, 4096),
                fields.integer("sequenceLength", 8, MAX_SEQUENCE),
                fields.integer("evaluationWindows", 0, 100_000),
                fields.whole("seed", 0, Long.MAX_VALUE),
                fields.integer("rounds", 1, 100),
                fields.integer("terms", 1, 3),
                fields.flag("activationOrder"),
                fields.choice("calibration", List.of(Calibration.values())),
                fields.integer("priority", -100, 100));
        request.checkTogether(fields);
        fields.finish();
        return request;
    }

    private void checkTogether(RequestFields fields) {
        if (kind == JobKind.EVALUATE) {
            for (String field : NOT_FOR_EVALUATION) {
                if (fields.has(field)) {
                    fields.refuse(
                            field, "does not apply to kind evaluate", null, "leave it out, or ask for reparameterize");
                }
            }
        } else if (fields.has("bits") && fields.has("meanBits")) {
            fields.refuse(
                    "meanBits", "is given together with bits", "one of bits and meanBits", "leave one of them out");
        } else if (!fields.has("bits") && !fields.has("meanBits")) {
            fields.refuse(
                    "bits",
                    "is missing",
                    "2, 3 or 4 for every layer, or meanBits from 2.0 to 4.0",
                    "add bits or meanBits");
        }
    }

    Method methodOrDefault() {
        return Objects.requireNonNullElse(method, Method.ACC);
    }

    /** The name of the result when the client gives none, e.g. {@code llama-mini-lat-2.2bit}. */
    String defaultName(String modelName) {
        String width = bits != null ? bits.toString() : String.valueOf(meanBits).replaceFirst("\\.0$", "");
        return modelName + "-" + methodOrDefault().word() + "-" + width + "bit";
    }
}

package io.shiftadd.registry.dashboard;

import io.shiftadd.registry.model.ModelShape;
import io.shiftadd.registry.model.ModelView;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the form says of a job, with the platform's defaults where it says nothing or nothing that makes sense: an estimate
 * never refuses, the API does.
 *
 * @param bits of every layer, or their mean; null when the size is asked for otherwise
 * @param budgetBytes of the linear layers
 * @param headBits 0 when the head stays as it is
 */
record EstimateInputs(
        String method,
        @Nullable Double bits,
        @Nullable Long budgetBytes,
        int headBits,
        long samples,
        long sequenceLength,
        long windows,
        int rounds,
        boolean original) {

    private static final Set<String> WITH_ROUNDS = Set.of("acc", "lat", "lut-gemm");
    private static final int LONGEST_DEFAULT_SEQUENCE = 2048;

    static EstimateInputs of(Map<String, String> form, ModelView model) {
        ModelShape shape = model.shape();
        String budget = form.getOrDefault("budget", "bits");
        String method = form.getOrDefault("method", "acc");
        Double bits = budget.equals("bits") || budget.equals("meanBits") ? number(form, budget, 2, 4, 3.0) : null;
        Double bytes =
                budget.equals("budgetBytes") ? number(form, budget, 1, 1e15, Double.NaN) : Double.valueOf(Double.NaN);
        return new EstimateInputs(
                method,
                bits,
                bytes.isNaN() ? null : (Long) bytes.longValue(),
                (int) number(form, "headBits", 4, 8, 0),
                (long) number(form, "samples", 1, 4096, 128),
                (long) number(
                        form,
                        "sequenceLength",
                        8,
                        shape.contextLength(),
                        Math.min(LONGEST_DEFAULT_SEQUENCE, shape.contextLength())),
                (long) number(form, "evaluationWindows", 0, 100_000, 32),
                WITH_ROUNDS.contains(method) ? (int) number(form, "rounds", 1, 100, 20) : 1,
                "original".equals(form.get("calibration")));
    }

    private static double number(Map<String, String> form, String field, double least, double most, double otherwise) {
        try {
            double value = Double.parseDouble(form.getOrDefault(field, ""));
            return value >= least && value <= most ? value : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Tokens that go through the model to calibrate it. */
    long calibrationTokens() {
        return samples * sequenceLength;
    }

    /** Tokens that go through both models to measure them. */
    long evaluationTokens() {
        return windows * sequenceLength;
    }
}

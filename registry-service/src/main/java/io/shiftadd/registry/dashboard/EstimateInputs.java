package io.shiftadd.registry.dashboard;

import io.shiftadd.job.Calibration;
import io.shiftadd.job.JobKind;
import io.shiftadd.job.JobSettings;
import io.shiftadd.job.Method;
import io.shiftadd.job.ModelId;
import io.shiftadd.job.NumberSetting;
import io.shiftadd.job.PackedHead;
import io.shiftadd.job.Size;
import io.shiftadd.job.Tuning;
import io.shiftadd.registry.model.ModelView;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the form says of a job, with the platform's defaults where it says nothing or nothing that makes sense: an
 * estimate never refuses, the API does.
 */
final class EstimateInputs {

    /** What the form begins with. */
    private static final BigDecimal BITS = BigDecimal.valueOf(3);

    private final Map<String, String> form;

    private EstimateInputs(Map<String, String> form) {
        this.form = form;
    }

    static JobSettings of(Map<String, String> form, ModelView model) {
        return new EstimateInputs(form).settings(model);
    }

    private JobSettings settings(ModelView model) {
        String budget = form.getOrDefault("budget", "bits");
        Method method = method();
        int context = model.shape().contextLength();
        Integer length = integer(NumberSetting.SEQUENCE_LENGTH);
        BigDecimal bytes = number(NumberSetting.BUDGET_BYTES);
        BigDecimal increase = number(NumberSetting.MAX_PERPLEXITY_INCREASE);
        BigDecimal mean = number(NumberSetting.MEAN_BITS);
        Integer bits = budget.equals("bits")
                ? (Integer) or(number(NumberSetting.BITS), BITS).intValue()
                : null;
        Double meanBits = budget.equals("meanBits") ? (Double) or(mean, BITS).doubleValue() : null;
        Long budgetBytes = budget.equals("budgetBytes") && bytes != null ? (Long) bytes.longValue() : null;
        Double most =
                budget.equals("maxPerplexityIncrease") && increase != null ? (Double) increase.doubleValue() : null;
        return new JobSettings(
                new ModelId(model.id()),
                model.name(),
                "evaluate".equals(form.get("kind")) ? JobKind.EVALUATE : JobKind.REPARAMETERIZE,
                method,
                bits,
                meanBits,
                budgetBytes,
                most,
                null,
                PackedHead.bits(
                        integer(NumberSetting.HEAD_BITS),
                        model.dimensions(),
                        method,
                        Size.of(bits, meanBits, budgetBytes, most)),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                integer(NumberSetting.SAMPLES),
                length == null || length > context ? NumberSetting.defaultSequence(context) : length,
                Objects.requireNonNullElse(
                        integer(NumberSetting.EVALUATION_WINDOWS), NumberSetting.EVALUATION_WINDOWS.byDefault()),
                0,
                method.hasRounds()
                        ? Objects.requireNonNullElse(integer(NumberSetting.ROUNDS), NumberSetting.ROUNDS.byDefault())
                        : null,
                null,
                null,
                "original".equals(form.get("calibration")) ? Calibration.ORIGINAL : Calibration.SEQUENTIAL,
                method.shiftsAndAdds() && model.dimensions().canBeTuned() ? tuning() : null,
                null);
    }

    private @Nullable Tuning tuning() {
        BigDecimal tokens = number(NumberSetting.TUNE_TOKENS);
        return switch (form.getOrDefault("tuning", "")) {
            case "steps" -> new Tuning(integer(NumberSetting.TUNE_STEPS), null, null, null, null);
            case "tokens" -> new Tuning(null, tokens == null ? null : (Long) tokens.longValue(), null, null, null);
            case "minutes" -> new Tuning(null, null, integer(NumberSetting.TUNE_MINUTES), null, null);
            default -> null;
        };
    }

    private Method method() {
        for (Method method : Method.values()) {
            if (method.word().equals(form.get("method"))) {
                return method;
            }
        }
        return Method.ACC;
    }

    private @Nullable Integer integer(NumberSetting setting) {
        BigDecimal value = number(setting);
        return value == null ? null : value.intValue();
    }

    private static BigDecimal or(@Nullable BigDecimal value, BigDecimal otherwise) {
        return Objects.requireNonNullElse(value, otherwise);
    }

    private @Nullable BigDecimal number(NumberSetting setting) {
        try {
            BigDecimal value = new BigDecimal(form.getOrDefault(setting.field(), ""));
            return setting.allows(value) ? value : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}

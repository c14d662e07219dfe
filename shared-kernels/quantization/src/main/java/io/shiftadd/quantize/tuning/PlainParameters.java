package io.shiftadd.quantize.tuning;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.quantize.backward.TrainedNorm;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A norm's weights and biases with their optimizer. */
final class PlainParameters {

    private final String name;
    private final TrainedNorm norm;
    private final Adam weightMeans;
    private final @Nullable Adam biasMeans;

    PlainParameters(String name, TrainedNorm norm) {
        this.name = name;
        this.norm = norm;
        weightMeans = new Adam(norm.weight().length, false);
        biasMeans = norm.bias() == null ? null : new Adam(norm.weight().length, false);
    }

    String name() {
        return name;
    }

    double gradientSquares(KernelContext context) {
        float[] ofWeight = norm.weightGradient();
        float[] ofBias = norm.biasGradient();
        return Norms.squares(ofWeight, ofWeight.length, context)
                + (ofBias == null ? 0 : Norms.squares(ofBias, ofBias.length, context));
    }

    void update(double stepSize, float gradientScale, int step, KernelContext context) {
        // Norms without parameters in the file have none to train.
        if (!norm.settings().affine()) {
            return;
        }
        weightMeans.update(norm.weight(), Numbers.of(norm.weightGradient()), gradientScale, stepSize, step, context);
        if (biasMeans != null && norm.bias() != null && norm.biasGradient() != null) {
            biasMeans.update(norm.bias(), Numbers.of(norm.biasGradient()), gradientScale, stepSize, step, context);
        }
    }

    TunedNorm tuned() {
        return new TunedNorm(
                name,
                norm.weight().clone(),
                norm.bias() == null ? null : norm.bias().clone());
    }

    /** Everything that a step changes, by name; the arrays themselves. */
    Map<String, Numbers> state() {
        Map<String, Numbers> state = new LinkedHashMap<>();
        state.put("weight", Numbers.of(norm.weight()));
        state.put("weight.first", weightMeans.first());
        state.put("weight.second", weightMeans.second());
        if (biasMeans != null && norm.bias() != null) {
            state.put("bias", Numbers.of(norm.bias()));
            state.put("bias.first", biasMeans.first());
            state.put("bias.second", biasMeans.second());
        }
        return state;
    }
}

package io.shiftadd.quantize.tuning;

import io.shiftadd.kernel.ApotScales;
import io.shiftadd.kernel.BinaryCoding;
import io.shiftadd.kernel.GroupShape;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.quantize.backward.TrainedLinear;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A packed layer while it is trained. Beside its scales α it has a latent weight for each of its own, in the basis in
 * which it is packed; a weight is the one of the {@code 2^q} sums {@code Σ ±α_i} of its group that is nearest to the
 * latent one, α rounded to its powers of two.
 *
 * <p>Gradients pass through both roundings as if they were not there: that of a latent weight is the weight's, that of
 * α_i the sum over its group of gradient times sign.
 *
 * <p>Source: straight-through estimation (Bengio et al., 2013).
 */
final class LatentLayer implements TrainedLinear {

    private final PackedLinear packed;
    private final GroupShape groups;
    private final RotatedBasis basis;
    private final double basisScale;
    private final int rowGroups;
    private final int columnGroups;
    private final float[] latent;
    private final float[] alphas;
    private final float @Nullable [] bias;
    private final Numbers latentGradient;
    private final float[] alphaGradient;
    private final float[] biasGradient;
    private final Adam latentMeans;
    private final Adam alphaMeans;
    private final Adam biasMeans;
    private final double latentMagnitude;
    private final double alphaMagnitude;
    private final Expansion expansion;
    private double squares;

    /** The plain weights of the layer that was asked for last, and their signs, shared by all layers of a model. */
    static final class Expansion {
        private float[] weights = {};
        private int[] codes = {};
        private @Nullable LatentLayer of;

        private void reserve(int size) {
            if (weights.length < size) {
                weights = new float[size];
                codes = new int[size];
            }
        }
    }

    /** @param inHalves whether gradient and means of the latent weights are kept in bfloat16 */
    LatentLayer(PackedLinear packed, Expansion expansion, boolean inHalves) {
        this.packed = packed;
        this.expansion = expansion;
        groups = packed.groups();
        basis = new RotatedBasis(packed.inputRotation(), packed.outputRotation());
        basisScale = basis.scale();
        rowGroups = groups.rowGroups(packed.outputs());
        columnGroups = groups.columnGroups(packed.inputs());
        BinaryCoding coding = packed.unpack();
        latent = coding.toDense();
        alphas = new float[packed.bits() * rowGroups * columnGroups];
        for (int bit = 0; bit < packed.bits(); bit++) {
            for (int r = 0; r < rowGroups; r++) {
                for (int c = 0; c < columnGroups; c++) {
                    alphas[(bit * rowGroups + r) * columnGroups + c] =
                            coding.scales().value(bit, r, c);
                }
            }
        }
        bias = packed.bias() == null ? null : packed.bias().clone();
        latentGradient = Numbers.of(latent.length, inHalves);
        alphaGradient = new float[alphas.length];
        biasGradient = new float[bias == null ? 0 : bias.length];
        latentMeans = new Adam(latent.length, inHalves);
        alphaMeans = new Adam(alphas.length, false);
        biasMeans = new Adam(biasGradient.length, false);
        latentMagnitude = magnitude(latent);
        alphaMagnitude = magnitude(alphas);
    }

    private static double magnitude(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += Math.abs(value);
        }
        return sum / Math.max(1, values.length);
    }

    @Override
    public int inputs() {
        return packed.inputs();
    }

    @Override
    public int outputs() {
        return packed.outputs();
    }

    @Override
    public boolean trained() {
        return true;
    }

    @Override
    public float @Nullable [] bias() {
        return bias;
    }

    @Override
    public float[] weights(KernelContext context) {
        if (expansion.of != this) {
            expansion.of = this;
            round(context);
            basis.toPlain(expansion.weights, outputs(), inputs(), context);
        }
        return expansion.weights;
    }

    /** Each latent weight's nearest sum, and its signs. */
    private void round(KernelContext context) {
        expansion.reserve(latent.length);
        Levels levels = Levels.of(rounded(), packed.bits(), rowGroups, columnGroups);
        int inputs = inputs();
        context.parallelFor(
                outputs(),
                (row, _) -> levels.nearest(
                        latent,
                        expansion.codes,
                        expansion.weights,
                        row * inputs,
                        inputs,
                        row / groups.rowsPerGroup(),
                        groups.columnsPerGroup()));
    }

    private float[] rounded() {
        float[] result = new float[alphas.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) ApotScales.round(alphas[i], packed.terms());
        }
        return result;
    }

    @Override
    public void gradient(float[] weights, float @Nullable [] ofBias, KernelContext context) {
        // The signs are those of the weights that were asked for last.
        weights(context);
        basis.gradientToRotated(weights, outputs(), inputs(), context);
        float factor = (float) (1 / basisScale);
        context.parallelFor(outputs(), (row, _) -> {
            int end = (row + 1) * inputs();
            for (int i = row * inputs(); i < end; i++) {
                weights[i] *= factor;
            }
            latentGradient.write(row * inputs(), weights, row * inputs(), inputs());
        });
        new ScaleGradient(groups, outputs(), inputs(), packed.bits(), weights, expansion.codes)
                .sumInto(alphaGradient, context);
        squares = Norms.squares(weights, latent.length, context) + Norms.squares(alphaGradient, alphas.length, context);
        if (ofBias != null) {
            System.arraycopy(ofBias, 0, biasGradient, 0, ofBias.length);
            squares += Norms.squares(biasGradient, biasGradient.length, context);
        }
    }

    /** {@code [bits, rowGroups, columnGroups]}, as of an orthonormal basis; its own array. */
    float[] scaleGradient() {
        return alphaGradient;
    }

    /** Sum of squares of the last gradients, as of an orthonormal basis. */
    double gradientSquares() {
        return squares;
    }

    /** One step of the optimizer. */
    void update(TuningSettings settings, float gradientScale, int step, KernelContext context) {
        double share = settings.share(step);
        latentMeans.update(
                latent, latentGradient, gradientScale, share * settings.latentStep() * latentMagnitude, step, context);
        alphaMeans.update(
                alphas,
                Numbers.of(alphaGradient),
                gradientScale,
                share * settings.scaleStep() * alphaMagnitude,
                step,
                context);
        if (bias != null) {
            biasMeans.update(
                    bias, Numbers.of(biasGradient), gradientScale, share * settings.plainStep(), step, context);
        }
        if (expansion.of == this) {
            expansion.of = null;
        }
    }

    /** The layer as it is served. */
    PackedLinear pack(KernelContext context) {
        expansion.of = null;
        round(context);
        ApotScales scales = ApotScales.round(alphas, packed.bits(), rowGroups, columnGroups, packed.terms());
        byte[] codes = new byte[latent.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) expansion.codes[i];
        }
        BinaryCoding coding = new BinaryCoding(outputs(), inputs(), packed.bits(), groups, scales, codes);
        return PackedLinear.pack(coding, bias, packed.inputRotation(), packed.outputRotation());
    }

    /** Everything that a step changes, by name: a checkpoint's content, the arrays themselves. */
    Map<String, Numbers> state() {
        return Map.of(
                "latent", Numbers.of(latent),
                "latent.first", latentMeans.first(),
                "latent.second", latentMeans.second(),
                "alphas", Numbers.of(alphas),
                "alphas.first", alphaMeans.first(),
                "alphas.second", alphaMeans.second(),
                "bias", Numbers.of(bias == null ? biasGradient : bias),
                "bias.first", biasMeans.first(),
                "bias.second", biasMeans.second());
    }
}

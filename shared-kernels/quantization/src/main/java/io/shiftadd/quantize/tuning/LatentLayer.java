package io.shiftadd.quantize.tuning;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
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

    /** Columns of a strip whose scales' gradients one thread sums. */
    private static final int STRIP = 256;

    private final PackedLinear packed;
    private final GroupShape groups;
    private final RotatedBasis basis;
    private final double basisScale;
    private final int rowGroups;
    private final int columnGroups;
    private final float[] latent;
    private final float[] alphas;
    private final float @Nullable [] bias;
    private final byte[] codes;
    private final float[] latentGradient;
    private final float[] alphaGradient;
    private final float[] biasGradient;
    private final Adam latentMeans;
    private final Adam alphaMeans;
    private final Adam biasMeans;
    private final double latentMagnitude;
    private final double alphaMagnitude;
    private final Expansion expansion;
    private double squares;

    /** The plain weights of the layer that was asked for last, shared by all layers of a model. */
    static final class Expansion {
        private float[] weights = {};
        private @Nullable LatentLayer of;
    }

    LatentLayer(PackedLinear packed, Expansion expansion) {
        this.packed = packed;
        this.expansion = expansion;
        groups = packed.groups();
        basis = new RotatedBasis(packed.inputRotation(), packed.outputRotation());
        basisScale = basis.scale();
        rowGroups = groups.rowGroups(packed.outputs());
        columnGroups = groups.columnGroups(packed.inputs());
        BinaryCoding coding = packed.unpack();
        latent = coding.toDense();
        codes = coding.codes().clone();
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
        latentGradient = new float[latent.length];
        alphaGradient = new float[alphas.length];
        biasGradient = new float[bias == null ? 0 : bias.length];
        latentMeans = new Adam(latent.length);
        alphaMeans = new Adam(alphas.length);
        biasMeans = new Adam(biasGradient.length);
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
            if (expansion.weights.length < latent.length) {
                expansion.weights = new float[latent.length];
            }
            expansion.of = this;
            round(expansion.weights, context);
            basis.toPlain(expansion.weights, outputs(), inputs(), context);
        }
        return expansion.weights;
    }

    /** Each latent weight's nearest sum, and its signs into {@link #codes}. */
    private void round(float[] target, KernelContext context) {
        Levels levels = Levels.of(rounded(), packed.bits(), rowGroups, columnGroups);
        int inputs = inputs();
        context.parallelFor(
                outputs(),
                (row, _) -> levels.nearest(
                        latent,
                        codes,
                        target,
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
        int size = latent.length;
        basis.gradientToRotated(weights, outputs(), inputs(), context);
        float factor = (float) (1 / basisScale);
        context.parallelFor(outputs(), (row, _) -> {
            for (int i = row * inputs(); i < (row + 1) * inputs(); i++) {
                latentGradient[i] = weights[i] * factor;
            }
        });
        sumScales(context);
        squares = Norms.squares(latentGradient, size, context) + Norms.squares(alphaGradient, alphas.length, context);
        if (ofBias != null) {
            System.arraycopy(ofBias, 0, biasGradient, 0, ofBias.length);
            squares += Norms.squares(biasGradient, biasGradient.length, context);
        }
    }

    /** {@code dα_i[g] = Σ over the group of gradient·sign}: strips of columns, rows in their order. */
    private void sumScales(KernelContext context) {
        int inputs = inputs();
        int perGroup = groups.columnsPerGroup();
        int stripGroups = Math.max(1, STRIP / perGroup);
        int strips = Math.ceilDiv(columnGroups, stripGroups);
        context.parallelFor(strips * rowGroups, (index, _) -> {
            int rowGroup = index / strips;
            int firstGroup = index % strips * stripGroups;
            int endGroup = Math.min(columnGroups, firstGroup + stripGroups);
            int end = Math.min(outputs(), (rowGroup + 1) * groups.rowsPerGroup());
            for (int bit = 0; bit < packed.bits(); bit++) {
                double[] sums = new double[endGroup - firstGroup];
                for (int row = rowGroup * groups.rowsPerGroup(); row < end; row++) {
                    for (int g = firstGroup; g < endGroup; g++) {
                        int last = Math.min(inputs, (g + 1) * perGroup);
                        for (int k = g * perGroup; k < last; k++) {
                            int at = row * inputs + k;
                            float d = latentGradient[at];
                            sums[g - firstGroup] += (codes[at] >> bit & 1) != 0 ? d : -d;
                        }
                    }
                }
                for (int g = firstGroup; g < endGroup; g++) {
                    alphaGradient[(bit * rowGroups + rowGroup) * columnGroups + g] = (float) sums[g - firstGroup];
                }
            }
        });
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
                alphas, alphaGradient, gradientScale, share * settings.scaleStep() * alphaMagnitude, step, context);
        if (bias != null) {
            biasMeans.update(bias, biasGradient, gradientScale, share * settings.plainStep(), step, context);
        }
        if (expansion.of == this) {
            expansion.of = null;
        }
    }

    /** The layer as it is served. */
    PackedLinear pack(KernelContext context) {
        round(new float[latent.length], context);
        ApotScales scales = ApotScales.round(alphas, packed.bits(), rowGroups, columnGroups, packed.terms());
        BinaryCoding coding = new BinaryCoding(outputs(), inputs(), packed.bits(), groups, scales, codes.clone());
        return PackedLinear.pack(coding, bias, packed.inputRotation(), packed.outputRotation());
    }

    /** Everything that a step changes, by name: a checkpoint's content, the arrays themselves. */
    Map<String, float[]> state() {
        return Map.of(
                "latent", latent,
                "latent.first", latentMeans.first(),
                "latent.second", latentMeans.second(),
                "alphas", alphas,
                "alphas.first", alphaMeans.first(),
                "alphas.second", alphaMeans.second(),
                "bias", bias == null ? biasGradient : bias,
                "bias.first", biasMeans.first(),
                "bias.second", biasMeans.second());
    }
}

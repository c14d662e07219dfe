package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.rotation.HadamardRotation;
import org.jspecify.annotations.Nullable;

/**
 * Fits a layer as a sum of scaled binary matrices, in two phases: {@link #push} is sequential, so that several layers
 * push at once, each on a thread; {@link #refine} is parallel within the layer.
 *
 * <p>Rotated, it works in the coordinates {@code x' = H·D·x} and {@code y = D·Hᵀ·y'}, where the weights are
 * {@code (H·D)·W·(D·Hᵀ)/(b_out·b_in)}. The output error there is the same up to a constant factor.
 */
final class BinaryLayerFit {

    private final LayerProblem problem;
    private final ReparameterizationSettings settings;
    private final @Nullable HadamardRotation input;
    private final @Nullable HadamardRotation output;
    private final ScaleGroups scales;
    private final PreparedHessian hessian;
    private final float[] target;
    private byte[] codes = {};
    private double proxyLoss;

    BinaryLayerFit(
            LayerProblem problem, InputStatistics statistics, ReparameterizationSettings settings, boolean rotated) {
        this.problem = problem;
        this.settings = settings;
        input = rotated ? statistics.rotation() : null;
        output = rotated
                ? HadamardRotation.random(problem.outputs(), ~InputStatistics.seed(settings.seed(), problem.name()))
                : null;
        hessian = statistics.prepared(rotated);
        scales = ScaleGroups.empty(
                problem.outputs(), problem.inputs(), problem.bits(), settings.groups(problem.outputs()));
        target = inProcessingOrder(input == null || output == null ? problem.target() : rotate(problem, input, output));
    }

    /** Fits the scales and signs column by column, pushing errors on. */
    void push(KernelContext context) {
        int outputs = problem.outputs();
        int inputs = problem.inputs();
        float[] columns = Transposition.of(target, outputs, inputs);
        byte[] columnCodes = new byte[columns.length];
        var quantizer = new BinaryColumnQuantizer(scales, columnCodes, settings.rounds(), settings.terms());
        proxyLoss = ErrorPush.run(columns, outputs, hessian, quantizer, context::check);
        codes = Transposition.of(columnCodes, inputs, outputs);
    }

    /** Solves scales and signs again under the output error, as the settings' refinement says. */
    void refine(KernelContext context) {
        Refinement refinement = settings.refinement();
        if (refinement.passes() == 0) {
            return;
        }
        var refit = new ScaleRefit(scales, hessian, settings.terms());
        var descent = new CodeDescent(scales, hessian);
        float[] weights = new float[codes.length];
        float[] gradient = descent.begin(weights, codes, target, context);
        for (int pass = 0; pass < refinement.passes(); pass++) {
            for (int first = 0; first < problem.inputs(); first += ScaleRefit.SPAN) {
                int end = Math.min(problem.inputs(), first + ScaleRefit.SPAN);
                refit.run(first, end, codes, gradient, context);
                descent.rescale(first, end, weights, codes, gradient, context);
            }
            descent.run(refinement.sweeps(), weights, codes, gradient, context);
        }
    }

    /** The layer as it is served, with this bias. */
    PackedLinear pack(float @Nullable [] bias) {
        return PackedLinear.pack(coding(), bias, input, output);
    }

    /** {@code Σ e²/2} of the push. */
    double proxyLoss() {
        return proxyLoss;
    }

    /** In the layer's own order of columns; in rotated coordinates where the fit is rotated. */
    private BinaryCoding coding() {
        int inputs = problem.inputs();
        byte[] ordered = new byte[codes.length];
        for (int n = 0; n < problem.outputs(); n++) {
            for (int k = 0; k < inputs; k++) {
                ordered[n * inputs + hessian.order()[k]] = codes[n * inputs + k];
            }
        }
        int columnGroups = scales.columnGroups();
        int perGroup = scales.shape().columnsPerGroup();
        float[] alphas = new float[scales.alphas().length];
        for (int i = 0; i < alphas.length; i++) {
            int group = hessian.order()[i % columnGroups * perGroup] / perGroup;
            alphas[i / columnGroups * columnGroups + group] = scales.alphas()[i];
        }
        ApotScales rounded =
                ApotScales.round(alphas, problem.bits(), scales.rowGroups(), columnGroups, settings.terms());
        return new BinaryCoding(problem.outputs(), inputs, problem.bits(), scales.shape(), rounded, ordered);
    }

    private static float[] rotate(LayerProblem problem, HadamardRotation input, HadamardRotation output) {
        float[] rows = problem.target().clone();
        for (int n = 0; n < problem.outputs(); n++) {
            input.apply(rows, n * problem.inputs());
        }
        float[] columns = Transposition.of(rows, problem.outputs(), problem.inputs());
        for (int k = 0; k < problem.inputs(); k++) {
            output.apply(columns, k * problem.outputs());
        }
        float scale = 1f / ((float) input.blockSize() * output.blockSize());
        for (int i = 0; i < columns.length; i++) {
            columns[i] *= scale;
        }
        return Transposition.of(columns, problem.inputs(), problem.outputs());
    }

    /** Columns in processing order; those whose inputs are always zero become zero. */
    private float[] inProcessingOrder(float[] matrix) {
        int inputs = problem.inputs();
        float[] ordered = new float[matrix.length];
        for (int n = 0; n < problem.outputs(); n++) {
            for (int k = 0; k < inputs; k++) {
                int column = hessian.order()[k];
                ordered[n * inputs + k] = hessian.dead()[column] ? 0 : matrix[n * inputs + column];
            }
        }
        return ordered;
    }
}

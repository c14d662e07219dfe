package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.quantize.allocation.SensitivityScore;
import java.util.ArrayList;
import java.util.List;

/** Fits the layers of one stage, which share their inputs, by the settings' method. */
final class LayerFits {

    private final ReparameterizationSettings settings;
    private final KernelContext context;

    LayerFits(ReparameterizationSettings settings, KernelContext context) {
        this.settings = settings;
        this.context = context;
    }

    /** A layer as it is served, and the same weights for calibration. */
    record Fit(LayerResult result, ExpandedLinear expanded) {}

    List<Fit> fit(List<LayerProblem> problems, InputStatistics statistics) {
        return switch (settings.incoherence()) {
            case NONE -> fit(problems, statistics, false);
            case ROTATED -> fit(problems, statistics, true);
            case AUTOMATIC -> {
                List<Fit> plain = fit(problems, statistics, false);
                List<Fit> rotated = fit(problems, statistics, true);
                List<Fit> better = new ArrayList<>();
                for (int i = 0; i < plain.size(); i++) {
                    double gain = plain.get(i).result().relativeOutputError()
                            - rotated.get(i).result().relativeOutputError();
                    better.add(gain > 0 ? rotated.get(i) : plain.get(i));
                }
                yield better;
            }
        };
    }

    private List<Fit> fit(List<LayerProblem> problems, InputStatistics statistics, boolean rotated) {
        long start = System.nanoTime();
        BinaryLayerFit[] fits = new BinaryLayerFit[problems.size()];
        context.parallelFor(fits.length, (i, _) -> {
            fits[i] = new BinaryLayerFit(problems.get(i), statistics, settings, rotated);
            fits[i].push();
        });
        for (BinaryLayerFit fit : fits) {
            fit.refine(context);
        }
        double seconds = (System.nanoTime() - start) / 1e9 / fits.length;
        List<Fit> results = new ArrayList<>();
        for (int i = 0; i < fits.length; i++) {
            LayerProblem problem = problems.get(i);
            PackedLinear served = fits[i].pack();
            float[] expanded = served.toDense();
            OutputError error = OutputError.of(expanded, problem, statistics.hessian(), context);
            LayerResult result = new LayerResult(
                    problem.name(),
                    problem.inputs(),
                    problem.outputs(),
                    problem.bits(),
                    error.weightError(),
                    error.relativeOutputError(),
                    fits[i].proxyLoss(),
                    SensitivityScore.of(problem.weights(), statistics.plain().factorDiagonal()),
                    seconds,
                    served);
            results.add(
                    new Fit(result, new ExpandedLinear(problem.outputs(), problem.inputs(), expanded, problem.bias())));
        }
        return results;
    }
}

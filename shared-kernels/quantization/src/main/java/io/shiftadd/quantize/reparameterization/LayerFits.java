package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.RowwiseLinear;
import io.shiftadd.kernel.coding.RowwiseCoding;
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
        return settings.method().shiftsAndAdds() ? fitBinary(problems, statistics) : fitRowwise(problems, statistics);
    }

    private List<Fit> fitBinary(List<LayerProblem> problems, InputStatistics statistics) {
        return switch (settings.incoherence()) {
            case NONE -> fitBinary(problems, statistics, false);
            case ROTATED -> fitBinary(problems, statistics, true);
            case AUTOMATIC -> {
                List<Fit> plain = fitBinary(problems, statistics, false);
                List<Fit> rotated = fitBinary(problems, statistics, true);
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

    private List<Fit> fitBinary(List<LayerProblem> problems, InputStatistics statistics, boolean rotated) {
        long start = System.nanoTime();
        BinaryLayerFit[] fits = new BinaryLayerFit[problems.size()];
        context.parallelFor(fits.length, (i, _) -> {
            fits[i] = new BinaryLayerFit(problems.get(i), statistics, settings, rotated);
            fits[i].push(context);
        });
        for (BinaryLayerFit fit : fits) {
            fit.refine(context);
        }
        Served[] served = new Served[fits.length];
        context.parallelFor(fits.length, (i, _) -> served[i] = serve(fits[i], problems.get(i), statistics));
        double seconds = seconds(start, fits.length);
        List<Fit> results = new ArrayList<>();
        for (int i = 0; i < fits.length; i++) {
            results.add(report(
                    served[i].problem(),
                    statistics,
                    served[i].layer(),
                    served[i].expanded(),
                    fits[i].proxyLoss(),
                    seconds));
        }
        return results;
    }

    private record Served(LayerProblem problem, PackedLinear layer, float[] expanded) {}

    private static Served serve(BinaryLayerFit fit, LayerProblem problem, InputStatistics statistics) {
        PackedLinear packed = fit.pack(problem.bias());
        float[] expanded = packed.toDense();
        if (statistics.means() == null) {
            return new Served(problem, packed, expanded);
        }
        LayerProblem corrected = problem.withBias(statistics.means().bias(problem, expanded));
        return new Served(corrected, packed.withBias(corrected.bias()), expanded);
    }

    private List<Fit> fitRowwise(List<LayerProblem> problems, InputStatistics statistics) {
        long start = System.nanoTime();
        RowwiseFit[] fits = new RowwiseFit[problems.size()];
        context.parallelFor(
                fits.length,
                (i, _) ->
                        fits[i] = RowwiseFit.of(problems.get(i), statistics.prepared(false), settings, context::check));
        double seconds = seconds(start, fits.length);
        List<Fit> results = new ArrayList<>();
        for (int i = 0; i < fits.length; i++) {
            LayerProblem problem = problems.get(i);
            RowwiseLinear served = RowwiseLinear.pack(fits[i].coding(), problem.bias());
            float[] expanded = new float[problem.outputs() * problem.inputs()];
            RowwiseCoding coding = served.unpack();
            for (int j = 0; j < expanded.length; j++) {
                expanded[j] = coding.weight(j / problem.inputs(), j % problem.inputs());
            }
            results.add(report(problem, statistics, served, expanded, fits[i].proxyLoss(), seconds));
        }
        return results;
    }

    private Fit report(
            LayerProblem problem,
            InputStatistics statistics,
            LinearLayer served,
            float[] expanded,
            double proxyLoss,
            double seconds) {
        OutputError error = OutputError.of(expanded, problem, statistics.hessian(), context);
        LayerResult result = new LayerResult(
                problem.name(),
                problem.inputs(),
                problem.outputs(),
                problem.bits(),
                error.weightError(),
                error.relativeOutputError(),
                proxyLoss,
                SensitivityScore.of(problem.weights(), statistics.factorDiagonal()),
                seconds,
                served);
        return new Fit(result, new ExpandedLinear(problem.outputs(), problem.inputs(), expanded, problem.bias()));
    }

    private static double seconds(long start, int layers) {
        return (System.nanoTime() - start) / 1e9 / layers;
    }
}

package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.Transformer;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.reparameterization.BlockResult;
import io.shiftadd.quantize.reparameterization.LayerResult;
import io.shiftadd.quantize.reparameterization.ModelReparameterizer;
import io.shiftadd.quantize.reparameterization.ProgressListener;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * One model whose layers read {@link #CHEAP} of their {@link #RICH} planes for some tokens, beside others that read as
 * few.
 *
 * @param with the model with other layers
 */
record PlanesRun<M extends Transformer>(
        M original,
        Layers<M> with,
        PlaneMaterial<M> material,
        Recipe recipe,
        long seed,
        KernelContext context,
        PrintWriter out) {

    static final int RICH = 4;
    static final int CHEAP = 2;

    /** A model with other layers. */
    @FunctionalInterface
    interface Layers<M> {
        M of(M model, Map<String, LinearLayer> layers);
    }

    /** @param planes that are read of a weight and token, on average; known when it has been measured */
    private record Candidate<M>(String label, M model, DoubleSupplier planes) {}

    private record Fit(Map<String, LinearLayer> layers, double bits, CalibrationSet calibration) {}

    /** @param bits of models beside it, as shares of tokens that are cheap */
    void measure(String name, List<Double> bits, List<Double> shares, Path work) {
        Fit rich = fit(RICH, work);
        M all = with.of(original, rich.layers());
        List<Candidate<M>> candidates = new ArrayList<>();
        candidates.add(new Candidate<>("all " + RICH + " planes", all, rich::bits));
        Map<String, PlaneRouting> routings = routings(all, rich);
        double correlation = routings.values().stream()
                .mapToDouble(PlaneRouting::correlation)
                .average()
                .orElse(Double.NaN);
        out.printf(
                Locale.ROOT,
                "%n%s, %s: foreseen and real losses of tokens correlate by %.2f, mean of %d layers%n",
                name,
                recipe.label(),
                correlation,
                routings.size());
        for (double share : shares) {
            for (PlaneRouting.Choice choice : PlaneRouting.Choice.values()) {
                candidates.add(routed(routings, choice, share));
            }
        }
        candidates.add(routed(routings, PlaneRouting.Choice.ROUTER, 1));
        for (double wanted : bits) {
            Fit fit = fit(wanted, work);
            candidates.add(
                    new Candidate<>(AccuracyTable.bits(wanted) + " bits", with.of(original, fit.layers()), fit::bits));
        }
        print(candidates);
    }

    private Fit fit(double bits, Path work) {
        ModelReparameterizer reparameterizer = new ModelReparameterizer(original, recipe.settings(), context);

        var ofLayers = reparameterizer.bits(bits, () -> calibration(work.resolve("profile-" + bits)));
        CalibrationSet set = calibration(work.resolve("calibration-" + bits));
        List<BlockResult> blocks = reparameterizer.run(set, ofLayers.bits(), ProgressListener.NONE);
        double weights = 0;
        double planes = 0;
        for (BlockResult block : blocks) {
            for (LayerResult layer : block.layers()) {
                weights += (double) layer.outputs() * layer.inputs();
                planes += (double) layer.outputs() * layer.inputs() * layer.bits();
            }
        }
        return new Fit(BlockResult.served(blocks), planes / weights, set);
    }

    private CalibrationSet calibration(Path directory) {
        return material.calibration(original, recipe.settings(), directory, context);
    }

    private Map<String, PlaneRouting> routings(M all, Fit fit) {
        LayerInputs inputs = LayerInputs.of(all, fit.calibration(), context);
        Map<String, PlaneRouting> routings = new LinkedHashMap<>();
        fit.layers().forEach((name, layer) -> {
            if (!(layer instanceof PackedLinear packed)) {
                throw new IllegalArgumentException("'" + name + "' has no planes that add up; fit with acc or lat");
            }
            PlaneExperts experts = PlaneExperts.of(packed, CHEAP);
            routings.put(name, PlaneRouting.of(experts, inputs.of(name), inputs.tokens(name), context));
        });
        return routings;
    }

    private Candidate<M> routed(Map<String, PlaneRouting> routings, PlaneRouting.Choice choice, double share) {
        PlaneCount count = new PlaneCount();
        Map<String, LinearLayer> layers = new LinkedHashMap<>();
        routings.forEach(
                (name, routing) -> layers.put(name, routing.layer(choice, share, seed + name.hashCode(), count)));
        String label = share == 1
                ? "first " + CHEAP + " of " + RICH + " planes"
                : String.format(
                        Locale.ROOT,
                        "%.0f %% cheap, %s",
                        100 * share,
                        choice.name().toLowerCase(Locale.ROOT));
        return new Candidate<>(label, with.of(original, layers), count::mean);
    }

    private void print(List<Candidate<M>> candidates) {
        List<PlaneMaterial.Figures> figures = material.figures(
                original, candidates.stream().map(Candidate::model).toList(), context);
        out.printf("%-26s %8s %11s %8s %9s %8s%n", "", "planes", material.quality(), "error", "agrees %", "error");
        for (int i = 0; i < figures.size(); i++) {
            PlaneMaterial.Figures of = figures.get(i);
            out.printf(
                    Locale.ROOT,
                    "%-26s %8.3f %11.4f %8.4f %9.2f %8.2f%n",
                    candidates.get(i).label(),
                    candidates.get(i).planes().getAsDouble(),
                    of.quality(),
                    of.qualityError(),
                    100 * of.agreement(),
                    100 * of.agreementError());
        }
        out.flush();
    }
}

package io.shiftadd.registry.dashboard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model in the chart of perplexity against size.
 *
 * @param group models of one original, measured on the same: only their perplexities compare
 * @param best whether no other model of the group is both smaller and better
 */
record ParetoPoint(String name, String group, boolean original, double megabytes, double perplexity, boolean best) {

    private static final double MEGA = 1e6;

    /** The points of all models that were measured, the smallest first; an original once in each group. */
    static List<ParetoPoint> of(List<ModelRow> models) {
        Map<String, ParetoPoint> points = new LinkedHashMap<>();
        for (ModelRow model : models) {
            String parent = model.parentName();
            if (model.perplexity() != null) {
                put(points, model.name(), group(model), model.original(), model.sizeBytes(), model.perplexity());
            }
            if (parent != null && model.originalPerplexity() != null && chosen(models, parent)) {
                long size = Objects.requireNonNullElse(model.originalSizeBytes(), 0L);
                put(points, parent, group(model), true, size, model.originalPerplexity());
            }
        }
        List<ParetoPoint> all = new ArrayList<>(points.values());
        return all.stream()
                .map(point -> point.withBest(all.stream().noneMatch(other -> other.beats(point))))
                .sorted(Comparator.comparingDouble(ParetoPoint::megabytes))
                .toList();
    }

    private static boolean chosen(List<ModelRow> models, String name) {
        return models.stream().anyMatch(model -> model.name().equals(name));
    }

    private static String group(ModelRow model) {
        return Objects.requireNonNullElse(model.parentName(), model.name()) + " on "
                + Objects.requireNonNullElse(model.measure(), "its own samples");
    }

    private static void put(
            Map<String, ParetoPoint> points,
            String name,
            String group,
            boolean original,
            long size,
            @Nullable Double perplexity) {
        points.putIfAbsent(
                group + ' ' + name,
                new ParetoPoint(name, group, original, size / MEGA, Objects.requireNonNull(perplexity), false));
    }

    private ParetoPoint withBest(boolean is) {
        return new ParetoPoint(name, group, original, megabytes, perplexity, is);
    }

    private boolean beats(ParetoPoint other) {
        return group.equals(other.group)
                && perplexity <= other.perplexity
                && megabytes <= other.megabytes
                && (perplexity < other.perplexity || megabytes < other.megabytes);
    }
}

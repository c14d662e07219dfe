package io.shiftadd.registry.dashboard;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.json.JsonMapper;

/** Models side by side, and which of them no other beats in both size and perplexity. */
@Controller
class ComparePages {

    private final DashboardRows rows;
    private final TaskScores scores;
    private final JsonMapper json;

    ComparePages(DashboardRows rows, TaskScores scores, JsonMapper json) {
        this.rows = rows;
        this.scores = scores;
        this.json = json;
    }

    /** @param best whether no other model is both smaller and better */
    record Point(String name, String family, String label, double megabytes, double perplexity, boolean best) {}

    @GetMapping("/compare")
    String compare(@RequestParam(required = false) @Nullable List<String> models, Model page) {
        List<ModelRow> all = rows.models("size");
        List<ModelRow> chosen = models == null || models.isEmpty()
                ? all
                : all.stream().filter(model -> models.contains(model.name())).toList();
        page.addAttribute("all", all);
        page.addAttribute("chosen", chosen);
        page.addAttribute("selected", chosen.stream().map(ModelRow::name).toList());
        page.addAttribute("points", json.writeValueAsString(points(chosen)));
        Map<String, Map<String, Double>> tasks = new LinkedHashMap<>();
        chosen.forEach(model -> tasks.put(model.name(), scores.of(model.id())));
        page.addAttribute("scores", tasks);
        page.addAttribute(
                "tasks",
                tasks.values().stream()
                        .flatMap(one -> one.keySet().stream())
                        .distinct()
                        .sorted()
                        .toList());
        return "compare";
    }

    static List<Point> points(List<ModelRow> models) {
        List<ModelRow> measured =
                models.stream().filter(model -> model.perplexity() != null).toList();
        return measured.stream()
                .map(model -> new Point(
                        model.name(),
                        model.family(),
                        model.original() ? "original" : String.valueOf(model.method()),
                        model.sizeBytes() / 1e6,
                        Objects.requireNonNull(model.perplexity()),
                        measured.stream().noneMatch(other -> beats(other, model))))
                .sorted(Comparator.comparingDouble(Point::megabytes))
                .toList();
    }

    /** Perplexities of different families are of different tokenizers: they do not compare. */
    private static boolean beats(ModelRow other, ModelRow model) {
        double theirs = Objects.requireNonNull(other.perplexity());
        double ours = Objects.requireNonNull(model.perplexity());
        return other.family().equals(model.family())
                && theirs <= ours
                && other.sizeBytes() <= model.sizeBytes()
                && (theirs < ours || other.sizeBytes() < model.sizeBytes());
    }
}

package io.shiftadd.registry.dashboard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    @GetMapping("/compare")
    String compare(@RequestParam(required = false) @Nullable List<String> models, Model page) {
        List<ModelRow> all = rows.models("size");
        List<ModelRow> chosen = models == null || models.isEmpty()
                ? all
                : all.stream().filter(model -> models.contains(model.name())).toList();
        page.addAttribute("all", all);
        page.addAttribute("selected", chosen.stream().map(ModelRow::name).toList());
        List<ParetoPoint> points = ParetoPoint.of(chosen);
        page.addAttribute("points", json.writeValueAsString(points));
        page.addAttribute("measured", !points.isEmpty());
        Map<String, List<ScoreRow>> tasks = new LinkedHashMap<>();
        chosen.forEach(model -> tasks.put(model.name(), scores.of(model.id())));
        tasks.values().removeIf(List::isEmpty);
        page.addAttribute("scores", ScoreTable.of(tasks));
        return "compare";
    }
}

package io.shiftadd.registry.dashboard;

import io.shiftadd.registry.model.ModelCatalog;
import io.shiftadd.registry.model.ModelView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The models, and the page of each. */
@Controller
class ModelPages {

    private final DashboardRows rows;
    private final ModelCatalog catalog;
    private final TaskScores tasks;
    private final Figures figures;
    private final DashboardProperties properties;

    ModelPages(
            DashboardRows rows,
            ModelCatalog catalog,
            TaskScores tasks,
            Figures figures,
            DashboardProperties properties) {
        this.rows = rows;
        this.catalog = catalog;
        this.tasks = tasks;
        this.figures = figures;
        this.properties = properties;
    }

    @GetMapping({"/", "/models"})
    String models(@RequestParam(defaultValue = "created") String sort, Model page) {
        page.addAttribute("models", rows.models(sort));
        page.addAttribute("sort", sort);
        page.addAttribute("imports", rows.imports());
        return "models";
    }

    @GetMapping("/imports")
    String imports(Model page) {
        page.addAttribute("imports", rows.imports());
        return "models :: imports";
    }

    @GetMapping("/models/{name}")
    String model(@PathVariable String name, Model page) {
        ModelView model = catalog.get(name);
        ModelRow row = rows.model(model.id()).orElseThrow();
        List<LayerRow> layers = model.jobId() == null ? List.of() : rows.layers(model.jobId());
        page.addAttribute("model", model);
        page.addAttribute("row", row);
        page.addAttribute("layers", layers);
        page.addAttribute("picture", LayerPicture.of(layers, figures));
        page.addAttribute("costs", row.original() ? List.of() : costs(model, row));
        page.addAttribute("scores", scores(row));
        page.addAttribute("files", rows.files(model.id()));
        page.addAttribute("children", rows.children(model.id()));
        page.addAttribute("inference", properties.snippetUrl());
        return "model";
    }

    private List<CostBar> costs(ModelView model, ModelRow row) {
        List<CostBar> costs = CostBar.of(model, row.originalSizeBytes(), figures);
        return costs.isEmpty() && model.jobId() != null ? CostBar.of(rows.metrics(model.jobId()), figures) : costs;
    }

    /** The model's scores, and beside them those of what it was made from. */
    private ScoreTable scores(ModelRow row) {
        Map<String, List<ScoreRow>> scores = new LinkedHashMap<>();
        scores.put(row.name(), tasks.of(row.id()));
        if (row.parentName() != null) {
            catalog.find(row.parentName()).ifPresent(parent -> {
                List<ScoreRow> before = tasks.of(parent.id());
                if (!before.isEmpty()) {
                    scores.put(parent.name(), before);
                }
            });
        }
        return ScoreTable.of(scores);
    }
}

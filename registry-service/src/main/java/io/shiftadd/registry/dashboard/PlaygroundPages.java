package io.shiftadd.registry.dashboard;

import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A prompt for two models at once. */
@Controller
class PlaygroundPages {

    private final DashboardRows rows;

    PlaygroundPages(DashboardRows rows) {
        this.rows = rows;
    }

    /** @param model to be compared with what it was made from; the newest when absent */
    @GetMapping("/playground")
    String playground(@RequestParam(defaultValue = "") String model, Model page) {
        List<ModelRow> models = rows.models("created");
        ModelRow right = models.stream()
                .filter(row -> model.isEmpty() ? !row.original() : row.name().equals(model))
                .findFirst()
                .orElse(models.isEmpty() ? null : models.getFirst());
        String parent = right == null ? null : right.parentName();
        page.addAttribute("models", models);
        page.addAttribute("right", right == null ? "" : right.name());
        page.addAttribute("left", parent != null ? parent : right == null ? "" : right.name());
        return "playground";
    }
}

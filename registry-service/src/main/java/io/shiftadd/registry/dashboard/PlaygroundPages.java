package io.shiftadd.registry.dashboard;

import io.shiftadd.model.family.Modality;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A prompt, an image or a conversation for two models at once. */
@Controller
class PlaygroundPages {

    private final DashboardRows rows;

    PlaygroundPages(DashboardRows rows) {
        this.rows = rows;
    }

    /** @param model to be compared with what it was made from; the newest when absent */
    @GetMapping("/playground")
    String playground(@RequestParam(defaultValue = "") String model, Model page) {
        page.addAttribute("images", !of(Modality.IMAGE).isEmpty());
        return sides(of(Modality.TEXT), model, page, "playground");
    }

    /** The same with an image instead of a prompt. */
    @GetMapping("/playground/images")
    String images(@RequestParam(defaultValue = "") String model, Model page) {
        return sides(of(Modality.IMAGE), model, page, "images");
    }

    /**
     * Conversations, which the browser keeps.
     *
     * @param model to talk with; the newest that was made here when absent
     */
    @GetMapping("/chat")
    String chat(@RequestParam(defaultValue = "") String model, Model page) {
        List<ModelRow> models = of(Modality.TEXT);
        ModelRow chosen = chosen(models, model);
        page.addAttribute("models", models);
        page.addAttribute("chosen", chosen == null ? "" : chosen.name());
        return "chat";
    }

    private List<ModelRow> of(Modality modality) {
        return rows.models("created").stream()
                .filter(row -> Modality.ofFamily(row.family()) == modality)
                .toList();
    }

    private static String sides(List<ModelRow> models, String model, Model page, String view) {
        ModelRow right = chosen(models, model);
        String parent = right == null ? null : right.parentName();
        page.addAttribute("models", models);
        page.addAttribute("right", right == null ? "" : right.name());
        page.addAttribute("left", parent != null ? parent : right == null ? "" : right.name());
        return view;
    }

    private static @Nullable ModelRow chosen(List<ModelRow> models, String model) {
        return models.stream()
                .filter(row -> model.isEmpty() ? !row.original() : row.name().equals(model))
                .findFirst()
                .orElse(models.isEmpty() ? null : models.getFirst());
    }
}

package io.shiftadd.registry.dashboard;

import io.shiftadd.registry.model.ModelCatalog;
import io.shiftadd.registry.problem.ProblemException;
import io.shiftadd.registry.problem.ProblemType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The jobs, the page of each, and the form that starts one. */
@Controller
class JobPages {

    private static final int EVENTS = 60;
    private static final double DEFAULT_BITS = 3;

    private final DashboardRows rows;
    private final ModelCatalog catalog;
    private final JsonMapper json;

    JobPages(DashboardRows rows, ModelCatalog catalog, JsonMapper json) {
        this.rows = rows;
        this.catalog = catalog;
        this.json = json;
    }

    @GetMapping("/jobs")
    String jobs(
            @RequestParam(defaultValue = "") String state,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "created") String sort,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String partial,
            Model page) {
        page.addAttribute("jobs", rows.jobs(upper(state), upper(kind), q.isBlank() ? null : q.strip(), sort));
        page.addAttribute("state", state);
        page.addAttribute("kind", kind);
        page.addAttribute("q", q);
        page.addAttribute("sort", sort);
        return partial == null ? "jobs" : "jobs :: table";
    }

    /** @param from a job whose settings the form begins with */
    @GetMapping("/jobs/new")
    String form(@RequestParam(defaultValue = "") String model, @RequestParam @Nullable UUID from, Model page) {
        Map<String, String> settings = new TreeMap<>();
        if (from != null) {
            settings.putAll(settings(required(from)));
            settings.put("model", settings.getOrDefault("modelName", ""));
            settings.remove("name");
        } else if (!model.isBlank()) {
            settings.put("model", model);
        }
        page.addAttribute("settings", settings);
        page.addAttribute("models", rows.models("name"));
        page.addAttribute("texts", rows.texts());
        return "job-form";
    }

    /** Asked for again whenever the form changes. */
    @GetMapping("/jobs/estimate")
    String estimate(
            @RequestParam(defaultValue = "") String model,
            @RequestParam(defaultValue = "reparameterize") String kind,
            @RequestParam(defaultValue = "acc") String method,
            @RequestParam(defaultValue = "") String budget,
            @RequestParam(defaultValue = "") String bits,
            @RequestParam(defaultValue = "") String meanBits,
            Model page) {
        double width = number(budget.equals("meanBits") ? meanBits : bits);
        Optional<Estimate> estimate = kind.equals("evaluate")
                ? Optional.empty()
                : catalog.find(model).map(found -> Estimate.of(found, width, rows.secondsPerWeight(method)));
        page.addAttribute("estimate", estimate.orElse(null));
        page.addAttribute("exact", budget.isEmpty() || budget.equals("bits") || budget.equals("meanBits"));
        return "job-form :: estimate";
    }

    @GetMapping("/jobs/{id}")
    String job(
            @PathVariable UUID id,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String partial,
            Model page) {
        // the number before the rest: an event that comes in between is seen twice, not missed
        long lastEvent = rows.lastEvent(id);
        JobRow job = required(id);
        List<LayerRow> layers = rows.layers(id);
        page.addAttribute("job", job);
        page.addAttribute("blocks", BlockRow.of(job, layers));
        page.addAttribute("events", rows.events(id, EVENTS));
        page.addAttribute("metrics", rows.metrics(id));
        page.addAttribute("settings", settings(job));
        page.addAttribute("lastEvent", lastEvent);
        return partial == null ? "job" : "job :: live";
    }

    private JobRow required(UUID id) {
        return rows.job(id)
                .orElseThrow(
                        () -> new ProblemException(ProblemType.NOT_FOUND, "There is no job with the id " + id + "."));
    }

    /** As they are, so that settings that are new here show too. */
    private Map<String, String> settings(JobRow job) {
        Map<String, String> settings = new TreeMap<>();
        for (Map.Entry<String, JsonNode> setting : json.readTree(job.settings()).properties()) {
            JsonNode value = setting.getValue();
            settings.put(setting.getKey(), value.isValueNode() ? value.asString() : value.toString());
        }
        return settings;
    }

    private static double number(String text) {
        try {
            double bits = Double.parseDouble(text);
            return bits >= 1 && bits <= 16 ? bits : DEFAULT_BITS;
        } catch (NumberFormatException e) {
            return DEFAULT_BITS;
        }
    }

    private static @Nullable String upper(String word) {
        return word.isBlank() ? null : word.toUpperCase(Locale.ROOT);
    }
}

package io.shiftadd.registry.dashboard;

import io.shiftadd.http.problem.ProblemException;
import io.shiftadd.http.problem.ProblemType;
import io.shiftadd.job.NumberSetting;
import io.shiftadd.job.TaskName;
import io.shiftadd.registry.model.ModelCatalog;
import io.shiftadd.registry.model.ModelView;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.json.JsonMapper;

/** The jobs, the page of each, and the form that starts one. */
@Controller
class JobPages {

    private static final int EVENTS = 60;
    private static final Map<String, NumberSetting> LIMITS =
            Stream.of(NumberSetting.values()).collect(Collectors.toMap(NumberSetting::field, Function.identity()));

    private final DashboardRows rows;
    private final ModelCatalog catalog;
    private final TaskScores scores;
    private final JsonMapper json;
    private final Figures figures;

    JobPages(DashboardRows rows, ModelCatalog catalog, TaskScores scores, JsonMapper json, Figures figures) {
        this.rows = rows;
        this.catalog = catalog;
        this.scores = scores;
        this.json = json;
        this.figures = figures;
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
    String form(
            @RequestParam(defaultValue = "") String model,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam(defaultValue = "") String baseline,
            @RequestParam @Nullable UUID from,
            Model page) {
        JobForm form = from == null ? JobForm.empty(model, kind, baseline) : JobForm.of(required(from), json, rows);
        page.addAttribute("settings", form.settings());
        page.addAttribute("chosen", form.tasks());
        page.addAttribute("advanced", form.advanced());
        page.addAttribute("tasks", TaskName.values());
        page.addAttribute("limits", LIMITS);
        page.addAttribute("models", rows.models("name"));
        page.addAttribute("texts", rows.texts());
        return "job-form";
    }

    /** Asked for again whenever the form changes. */
    @GetMapping("/jobs/estimate")
    String estimate(@RequestParam Map<String, String> form, Model page) {
        boolean evaluation = form.getOrDefault("kind", "").equals("evaluate");
        JobRates rates = rows.rates(form.getOrDefault("method", evaluation ? "" : "acc"));
        ModelView model = catalog.find(form.getOrDefault("model", "")).orElse(null);
        page.addAttribute("estimate", model == null ? null : Estimate.of(model, EstimateInputs.of(form, model), rates));
        page.addAttribute("withTasks", evaluation && form.containsKey("tasks"));
        page.addAttribute("measured", rates.measured());
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
        page.addAttribute("blocks", BlockRow.of(job, layers, rows.blockSeconds(id)));
        page.addAttribute("events", rows.events(id, EVENTS));
        page.addAttribute(
                "metrics",
                rows.metrics(id).entrySet().stream()
                        .map(metric -> MetricRow.of(metric.getKey(), metric.getValue(), figures))
                        .toList());
        page.addAttribute("settings", JobForm.values(json, job.settings()));
        page.addAttribute("candidates", rows.candidates(id));
        page.addAttribute("scores", scores.ofJob(id));
        page.addAttribute("lastEvent", lastEvent);
        return partial == null ? "job" : "job :: live";
    }

    private JobRow required(UUID id) {
        return rows.job(id)
                .orElseThrow(
                        () -> new ProblemException(ProblemType.NOT_FOUND, "There is no job with the id " + id + "."));
    }

    private static @Nullable String upper(String word) {
        return word.isBlank() ? null : word.toUpperCase(Locale.ROOT);
    }
}

package io.shiftadd.cli.job;

import io.shiftadd.cli.Table;
import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.model.ModelSource;
import io.shiftadd.cli.platform.JobFollower;
import io.shiftadd.cli.platform.Platform;
import io.shiftadd.cli.platform.PlatformApi;
import io.shiftadd.cost.Quantity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Measures a model, perhaps beside another one. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        description = "Measures a model's perplexity on a text, and how well it does tasks.")
public final class EvalCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<model>", description = "A name, owner/name of the Hub, a directory, or a .gguf file")
    private String model = "";

    @Option(names = "--baseline", paramLabel = "<model>", description = "Another model, measured beside it")
    private @Nullable String baseline;

    @Option(
            names = "--text",
            paramLabel = "<text>",
            description = "A registered text, or a file. Default: text that the model writes itself")
    private @Nullable String text;

    @Option(names = "--windows", paramLabel = "<n>", description = "Windows of the text; 0 for all of it")
    private @Nullable Integer windows;

    @Option(names = "--tasks", paramLabel = "<task>", split = ",", description = "Such as arc_easy,copa,mmlu")
    private List<String> tasks = List.of();

    @Option(names = "--limit", paramLabel = "<n>", description = "Examples of each task. Default: all")
    private @Nullable Integer limit;

    @Option(names = "--json", description = "Prints metrics and scores as JSON; what goes on, to standard error.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Terminal progress = json ? Terminal.aside() : Terminal.standard();
        try (Platform platform = Platform.started(System.getenv(), progress)) {
            PlatformApi registry = platform.registry();
            ModelSource source = new ModelSource(platform, progress);
            Map<String, Object> request = request(registry, source);
            JsonNode job = registry.submit(request, "cli-" + UUID.randomUUID());
            String id = job.path("id").asString();
            new JobFollower(registry, progress).follow(id, 1);
            JsonNode metrics = registry.metrics(id);
            JsonNode scores = registry.tasks(id);
            if (json) {
                System.out.println(JsonMapper.shared()
                        .valueToTree(Map.of("metrics", metrics, "tasks", scores))
                        .toPrettyString());
            } else {
                table(model, metrics, scores).forEach(progress::line);
            }
        }
        return 0;
    }

    private Map<String, Object> request(PlatformApi registry, ModelSource source) throws InterruptedException {
        Map<String, Object> request = new TreeMap<>(Map.of("kind", "evaluate"));
        request.put("model", source.bring(model).path("name").asString());
        if (baseline != null) {
            request.put("baseline", source.bring(baseline).path("name").asString());
        }
        if (text != null) {
            request.put("evaluationText", new TextSource(registry).bring(text));
        }
        if (windows != null) {
            request.put("evaluationWindows", windows);
        }
        if (!tasks.isEmpty()) {
            request.put("tasks", tasks);
        }
        if (limit != null) {
            request.put("taskLimit", limit);
        }
        return request;
    }

    /** A row for each score; where the job has no scores, its perplexity. */
    static List<String> table(String model, JsonNode metrics, JsonNode scores) {
        Table table = new Table("MODEL", "TASK", "MEASURE", "VALUE", "");
        int rows = 0;
        for (JsonNode of : scores) {
            for (JsonNode score : of.path("scores")) {
                table.row(
                        of.path("modelName").asString(),
                        score.path("task").asString(),
                        score.path("metric").asString(),
                        "%.4f".formatted(score.path("value").asDouble()),
                        score.path("standardError").isNumber()
                                ? "± %.4f".formatted(score.path("standardError").asDouble())
                                : "");
                rows++;
            }
        }
        for (Map.Entry<String, JsonNode> metric : metrics.properties()) {
            if (rows == 0 && metric.getKey().startsWith("perplexity")) {
                table.row(
                        model,
                        "text",
                        "perplexity",
                        Quantity.perplexity(metric.getValue().asDouble()),
                        "");
            }
        }
        return table.lines();
    }
}

package io.shiftadd.cli.model;

import io.shiftadd.cli.Table;
import io.shiftadd.cli.platform.Platform;
import io.shiftadd.cost.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Shows what is going on: models in memory, downloads, jobs. */
@Command(
        name = "ps",
        mixinStandardHelpOptions = true,
        description = "Shows which models are in memory, and which downloads and jobs are going on.")
public final class PsCommand implements Callable<Integer> {

    private static final List<String> ACTIVE = List.of("RUNNING", "QUEUED");

    @Option(names = "--json", description = "An object of models, imports and jobs.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        try (Platform platform = Platform.asItIs(System.getenv())) {
            List<JsonNode> loaded = loaded(platform);
            List<JsonNode> imports = active(platform.registry().imports());
            List<JsonNode> jobs = active(platform.registry().jobs());
            if (json) {
                System.out.println(JsonMapper.shared()
                        .valueToTree(Map.of("models", loaded, "imports", imports, "jobs", jobs))
                        .toPrettyString());
            } else {
                print(loaded, imports, jobs);
            }
        }
        return 0;
    }

    /** The registry knows the models, the inference-service which of them it has in memory. */
    private static List<JsonNode> loaded(Platform platform) throws InterruptedException {
        Map<String, JsonNode> known = platform.registry().models().stream()
                .collect(Collectors.toMap(model -> model.path("name").asString(), Function.identity()));
        List<JsonNode> loaded = new ArrayList<>();
        for (JsonNode served : platform.inference().models().path("data")) {
            JsonNode model = known.get(served.path("id").asString());
            if (model != null && served.path("state").asString("").equals("loaded")) {
                loaded.add(model);
            }
        }
        return loaded;
    }

    private static List<JsonNode> active(List<JsonNode> all) {
        return all.stream()
                .filter(one -> ACTIVE.contains(one.path("state").asString()))
                .toList();
    }

    private static void print(List<JsonNode> loaded, List<JsonNode> imports, List<JsonNode> jobs) {
        if (loaded.isEmpty() && imports.isEmpty() && jobs.isEmpty()) {
            System.out.println("No model is in memory, nothing is being downloaded, no job runs.");
            return;
        }
        Table table = new Table("NAME", "SIZE", "WHAT");
        for (JsonNode model : loaded) {
            table.row(
                    model.path("name").asString(),
                    Quantity.bytes(model.path("sizeBytes").asDouble()),
                    "in memory");
        }
        for (JsonNode one : imports) {
            table.row(
                    one.path("name").asString(),
                    Quantity.bytes(one.path("bytesTotal").asDouble(0)),
                    "%s of it have come"
                            .formatted(Quantity.bytes(one.path("bytesDone").asDouble(0))));
        }
        for (JsonNode job : jobs) {
            String subject =
                    job.path("outputName").asString(job.path("modelName").asString());
            table.row(
                    subject,
                    "",
                    "job %s: %s, %.0f %%"
                            .formatted(
                                    job.path("id").asString(),
                                    job.path("stage").asString("queued"),
                                    job.path("progress").asDouble(0) * 100));
        }
        table.lines().forEach(System.out::println);
    }
}

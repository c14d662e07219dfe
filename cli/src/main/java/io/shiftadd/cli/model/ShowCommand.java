package io.shiftadd.cli.model;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.platform.Platform;
import io.shiftadd.cli.platform.PlatformApi;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Shows what is known of a model. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows a model: its size, what a token costs, what jobs have measured.")
public final class ShowCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<model>", description = "Its name")
    private String name = "";

    @Option(names = "--json", description = "An object of model, cost and metrics, as the platform API has them.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        try (Platform platform = Platform.asItIs(System.getenv())) {
            PlatformApi registry = platform.registry();
            JsonNode model = registry.findModel(name).orElseThrow(() -> unknown(name));
            JsonNode cost = registry.cost(name);
            JsonNode metrics = registry.modelMetrics(name);
            if (json) {
                System.out.println(JsonMapper.shared()
                        .valueToTree(Map.of("model", model, "cost", cost, "metrics", metrics))
                        .toPrettyString());
            } else {
                String parent = model.path("parentId").isString()
                        ? registry.findModel(model.path("parentId").asString())
                                .map(found -> found.path("name").asString())
                                .orElse("a model that was deleted")
                        : "";
                ModelLines.details(model, cost, metrics, parent).forEach(System.out::println);
            }
        }
        return 0;
    }

    static CommandFailure unknown(String name) {
        return new CommandFailure(
                "there is no model " + name, "Which there are: ./shiftadd list. Bring one: ./shiftadd pull " + name);
    }
}

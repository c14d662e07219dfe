package io.shiftadd.cli.model;

import io.shiftadd.cli.platform.Platform;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lists the models. */
@Command(
        name = "list",
        aliases = "ls",
        mixinStandardHelpOptions = true,
        description = "Lists the models that are here.")
public final class ListCommand implements Callable<Integer> {

    @Option(names = "--json", description = "As the platform API lists them.")
    private boolean json;

    @Option(names = "--names", description = "Names alone, one a line.")
    private boolean names;

    @Override
    public Integer call() throws InterruptedException {
        try (Platform platform = Platform.asItIs(System.getenv())) {
            List<JsonNode> models = platform.registry().models();
            if (json) {
                System.out.println(JsonMapper.shared().valueToTree(models).toPrettyString());
            } else if (names) {
                models.forEach(model -> System.out.println(model.path("name").asString()));
            } else if (models.isEmpty()) {
                System.out.println("No model is here yet. Bring one: ./shiftadd pull <owner>/<name>");
            } else {
                ModelLines.table(models, Instant.now()).forEach(System.out::println);
            }
        }
        return 0;
    }
}

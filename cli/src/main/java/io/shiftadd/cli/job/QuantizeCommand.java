package io.shiftadd.cli.job;

import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.model.ModelSource;
import io.shiftadd.cli.platform.Comparison;
import io.shiftadd.cli.platform.Platform;
import io.shiftadd.cli.platform.PlatformApi;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reparameterizes a model and says what became of it. */
@Command(
        name = "quantize",
        mixinStandardHelpOptions = true,
        description = "Replaces a model's multiplications by shifts and adds, in 2 to 4 bits a weight, and measures the"
                + " result. Pulls the model if need be.")
public final class QuantizeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<model>", description = "A name, owner/name of the Hub, a directory, or a .gguf file")
    private String model = "";

    @Mixin
    private RecipeOptions recipe = new RecipeOptions();

    @Option(names = "--name", paramLabel = "<name>", description = "What to call the result")
    private @Nullable String name;

    @Option(names = "--json", description = "Prints model and metrics as JSON; what goes on, to standard error.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Terminal progress = json ? Terminal.aside() : Terminal.standard();
        try (Platform platform = Platform.started(System.getenv(), progress)) {
            JsonNode original = new ModelSource(platform, progress).bring(model);
            Map<String, Object> request = request(platform.registry(), recipe);
            if (name != null) {
                request.put("name", name);
            }
            progress.line(progress.faint("  Ctrl-C ends this display, not the job: ./shiftadd jobs shows it"));
            JsonNode made = new Reparameterization(platform.registry(), progress).make(original, request);
            JsonNode metrics = platform.registry().metrics(made.path("jobId").asString());
            if (json) {
                System.out.println(JsonMapper.shared()
                        .valueToTree(Map.of("model", made, "metrics", metrics))
                        .toPrettyString());
            } else {
                print(progress, original, made, metrics);
            }
        }
        return 0;
    }

    /** What is asked for as a job's request, its text brought to the platform. */
    public static Map<String, Object> request(PlatformApi registry, RecipeOptions recipe) throws InterruptedException {
        Map<String, Object> request = new TreeMap<>(recipe.request());
        String text = recipe.text();
        if (text != null) {
            request.put("calibrationText", new TextSource(registry).bring(text));
        }
        return request;
    }

    private static void print(Terminal terminal, JsonNode original, JsonNode made, JsonNode metrics) {
        String result = made.path("name").asString();
        List<String> lines = Comparison.lines(original.path("name").asString(), result, metrics);
        terminal.line("");
        terminal.line(terminal.bold(lines.getFirst()));
        lines.subList(1, lines.size()).forEach(terminal::line);
        terminal.line("");
        terminal.line("Chat with it: ./shiftadd run " + result);
    }
}

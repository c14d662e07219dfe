package io.shiftadd.cli.demo;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.job.Reparameterization;
import io.shiftadd.cli.platform.Answer;
import io.shiftadd.cli.platform.Comparison;
import io.shiftadd.cli.platform.InferenceApi;
import io.shiftadd.cli.platform.Platform;
import io.shiftadd.cli.platform.PlatformApi;
import io.shiftadd.cli.stack.LocalStack;
import io.shiftadd.cli.stack.Service;
import io.shiftadd.cli.stack.StackReport;
import io.shiftadd.cli.stack.StackSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Takes a sample model the whole way: import, job, measurements, completion by the original and by the result. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Reparameterizes a sample model and compares it with the original.")
public final class DemoCommand implements Callable<Integer> {

    /** Enough to calibrate a model of this size well, and quick; a real job takes the defaults, which are larger. */
    private static final Map<String, Integer> SMALL =
            Map.of("samples", 32, "sequenceLength", 128, "evaluationWindows", 32);

    private static final int TOKENS = 64;
    private static final String STEP = "%n%s %s";

    @Option(names = "--model", description = "a directory in samples/")
    private String model = "llama-mini";

    @Option(names = "--method", description = "acc (for accuracy) or lat (for latency)")
    private String method = "acc";

    @Option(names = "--bits", description = "2, 3 or 4")
    private int bits = 3;

    @Option(names = "--prompt", description = "what the models are to go on with")
    private String prompt = "Once upon a time, there was a little girl named Lily.";

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        StackSettings settings = StackSettings.of(System.getenv());
        LocalStack stack = new LocalStack(settings, new StackReport(terminal));
        heading(1, "PostgreSQL and the three services");
        stack.up();
        try (Platform services = Platform.asItIs(System.getenv())) {
            PlatformApi platform = services.registry();
            heading(2, "Register " + model);
            JsonNode original = platform.importModel(Map.of(
                    "path",
                    settings.checkout().resolve("samples").resolve(model).toString()));
            terminal.line("  %s, %s, %.1f million weights, %.1f MB"
                    .formatted(
                            original.path("name").asString(),
                            original.path("family").asString(),
                            original.path("parameters").asDouble() / 1e6,
                            original.path("sizeBytes").asDouble() / 1e6));
            String result = "%s-%s-%dbit".formatted(model, method, bits);
            heading(3, "Reparameterize it: %s, %d bits".formatted(method, bits));
            JsonNode reparameterized = reparameterize(platform, original, result);
            heading(4, "Before and after");
            compare(platform, reparameterized);
            heading(5, "The same prompt to both, over /v1/completions");
            complete(services.inference(), model);
            complete(services.inference(), result);
        }
        whereNext(stack);
        return 0;
    }

    private JsonNode reparameterize(PlatformApi platform, JsonNode original, String result)
            throws InterruptedException {
        Optional<JsonNode> present = platform.findModel(result);
        if (present.isPresent()) {
            terminal.line("  %s was made before; its measurements follow".formatted(result));
            return present.get();
        }
        Map<String, Object> request = new TreeMap<>(SMALL);
        request.put("method", method);
        request.put("bits", bits);
        request.put("name", result);
        return new Reparameterization(platform, terminal).make(original, request);
    }

    private void compare(PlatformApi platform, JsonNode reparameterized) throws InterruptedException {
        String job = reparameterized.path("jobId").asString("");
        List<String> lines =
                Comparison.lines(model, reparameterized.path("name").asString(), platform.metrics(job));
        terminal.line(terminal.bold(lines.getFirst()));
        lines.subList(1, lines.size()).forEach(terminal::line);
        terminal.line(
                terminal.faint(
                        "  Perplexity is measured through the kernels that serve the model, on text sampled from the original."));
    }

    private void complete(InferenceApi completions, String name) throws InterruptedException {
        terminal.line("");
        terminal.append("  " + terminal.green(name) + "\n  " + terminal.bold(prompt));
        Answer answer = completions.complete(
                Map.of("model", name, "prompt", prompt, "max_tokens", TOKENS, "temperature", 0),
                piece -> terminal.append(piece.replace("\n", "\n  ")));
        terminal.append("\n");
        terminal.line(terminal.faint("  " + answer.summary()));
        if (answer.tokens() == 0) {
            throw new CommandFailure(name + " completed the prompt with nothing", "See ./shiftadd logs inference");
        }
    }

    private void whereNext(LocalStack stack) {
        terminal.line("");
        terminal.line("The stack stays up. " + stack.url(Service.REGISTRY)
                + " shows models and jobs; stop it with ./shiftadd down");
        terminal.line("Ask a model yourself:");
        terminal.line("  curl -N %s/v1/completions -H 'Content-Type: application/json' \\"
                .formatted(stack.url(Service.INFERENCE)));
        terminal.line(
                "    -d '{\"model\": \"%s-%s-%dbit\", \"prompt\": \"One day\", \"max_tokens\": 40, \"stream\": true}'"
                        .formatted(model, method, bits));
    }

    private void heading(int number, String text) {
        terminal.line(STEP.formatted(terminal.bold(number + "."), terminal.bold(text)));
    }
}

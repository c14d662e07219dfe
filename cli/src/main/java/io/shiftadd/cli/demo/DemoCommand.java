package io.shiftadd.cli.demo;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.Terminal;
import io.shiftadd.cli.stack.LocalStack;
import io.shiftadd.cli.stack.Service;
import io.shiftadd.cli.stack.StackReport;
import io.shiftadd.cli.stack.StackSettings;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

    private static final int LAYERS_OF_A_LLAMA_BLOCK = 7;
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
    private final JsonMapper json = JsonMapper.shared();

    @Override
    public Integer call() throws InterruptedException {
        StackSettings settings = StackSettings.of(System.getenv());
        LocalStack stack = new LocalStack(settings, new StackReport(terminal));
        heading(1, "PostgreSQL and the three services");
        stack.up();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            PlatformApi platform = new PlatformApi(client, json, stack.url(Service.REGISTRY));
            heading(2, "Register " + model);
            JsonNode original = platform.importModel(
                    settings.checkout().resolve("samples").resolve(model).toString());
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
            CompletionApi completions = new CompletionApi(client, json, stack.url(Service.INFERENCE));
            complete(completions, model);
            complete(completions, result);
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
        JsonNode job = submit(platform, original, result);
        new JobFollower(platform, terminal).follow(job.path("id").asString(), LAYERS_OF_A_LLAMA_BLOCK);
        return platform.findModel(result)
                .orElseThrow(() -> new CommandFailure(
                        "the job succeeded, but the registry has no model " + result, "See ./shiftadd logs quantize"));
    }

    private JsonNode submit(PlatformApi platform, JsonNode original, String result) throws InterruptedException {
        Map<String, Object> request = new TreeMap<>(SMALL);
        request.put("model", original.path("name").asString());
        request.put("method", method);
        request.put("bits", bits);
        request.put("name", result);
        // A demonstration that was interrupted finds its job again; one whose result was deleted wants a new job.
        String key = "demo-"
                + UUID.nameUUIDFromBytes((original.path("digest").asString() + request)
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        JsonNode job = platform.submit(request, key);
        return switch (job.path("state").asString()) {
            case "SUCCEEDED" -> platform.submit(request, "demo-" + UUID.randomUUID());
            case "FAILED", "CANCELLED" -> {
                terminal.line("  an earlier run ended as %s; it goes on from there"
                        .formatted(job.path("state").asString()));
                yield platform.retry(job.path("id").asString());
            }
            default -> job;
        };
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

    private void complete(CompletionApi completions, String name) throws InterruptedException {
        terminal.line("");
        terminal.append("  " + terminal.green(name) + "\n  " + terminal.bold(prompt));
        CompletionApi.Streamed streamed = completions.stream(
                Map.of("model", name, "prompt", prompt, "max_tokens", TOKENS, "temperature", 0),
                piece -> terminal.append(piece.replace("\n", "\n  ")));
        terminal.append("\n");
        terminal.line(terminal.faint("  %d tokens, first after %.0f ms, then %.0f a second"
                .formatted(streamed.tokens(), streamed.firstTokenSeconds() * 1000, streamed.tokensPerSecond())));
        if (streamed.tokens() == 0) {
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

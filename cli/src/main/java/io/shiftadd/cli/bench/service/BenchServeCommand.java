package io.shiftadd.cli.bench.service;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Load on the running service: N streams that ask for one completion after another. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Loads the running inference-service with concurrent streams and measures what they get.")
public final class BenchServeCommand implements Callable<Integer> {

    private static final List<String> WORDS = List.of(
            "the", "of", "river", "and", "stone", "to", "light", "in", "morning", "a", "house", "with", "ship", "was");

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ServiceOptions service = new ServiceOptions();

    @Option(names = "--model", description = "Default: the first that the service lists.")
    @Nullable
    String model;

    @Option(
            names = "--streams",
            split = ",",
            defaultValue = "1,8",
            description =
                    "Concurrent streams; several numbers are measured one after the other. Default: ${DEFAULT-VALUE}")
    List<Integer> streams = List.of();

    @Option(names = "--requests", defaultValue = "2", description = "Of each stream. Default: ${DEFAULT-VALUE}")
    int requests;

    @Option(names = "--words", defaultValue = "48", description = "Of each prompt. Default: ${DEFAULT-VALUE}")
    int words;

    @Option(names = "--tokens", defaultValue = "64", description = "Of each completion. Default: ${DEFAULT-VALUE}")
    int tokens;

    @Option(names = "--json", paramLabel = "<file>", description = "Also write the figures as a JSON list.")
    @Nullable
    Path json;

    private final SplittableRandom random = new SplittableRandom(11);

    @Override
    public Integer call() throws IOException, InterruptedException {
        String name = model == null ? firstModel() : model;
        out().printf(
                        "%s at %s, prompts of %d words, completions of %d tokens%n",
                        name, service.service(), words, tokens);
        out().printf(
                        "%8s %10s %12s %22s %22s%n",
                        "streams", "tokens", "tokens/s", "first token p50/p99 ms", "between p50/p99 ms");
        List<ServeFigures> all = new ArrayList<>();
        for (int count : streams) {
            load(name, count, 1);
            long start = System.nanoTime();
            List<StreamedCompletion> completions = load(name, count, requests);
            ServeFigures figures = figures(count, completions, (System.nanoTime() - start) / 1e9);
            all.add(figures);
            print(figures);
        }
        if (json != null) {
            Files.write(json, JsonMapper.builder().build().writeValueAsBytes(all));
        }
        return 0;
    }

    private List<StreamedCompletion> load(String name, int count, int each) throws InterruptedException {
        List<StreamedCompletion> completions = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(count)) {
            List<Future<List<StreamedCompletion>>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                List<Map<String, Object>> bodies = new ArrayList<>();
                for (int j = 0; j < each; j++) {
                    bodies.add(body(name));
                }
                futures.add(executor.submit(() -> {
                    List<StreamedCompletion> mine = new ArrayList<>();
                    for (Map<String, Object> body : bodies) {
                        mine.add(service.complete(body));
                    }
                    return mine;
                }));
            }
            for (Future<List<StreamedCompletion>> future : futures) {
                completions.addAll(future.get());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandFailure failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
        return completions;
    }

    /** Prompts differ from their first word on, so that none is served from another's prefix. */
    private Map<String, Object> body(String name) {
        String prompt = random.ints(words, 0, WORDS.size()).mapToObj(WORDS::get).collect(Collectors.joining(" "));
        return Map.of(
                "model",
                name,
                "prompt",
                random.nextInt(1000, 10_000) + " " + prompt,
                "max_tokens",
                tokens,
                "temperature",
                1.0,
                "seed",
                random.nextInt(1 << 20),
                "stream",
                true,
                "stream_options",
                Map.of("include_usage", true));
    }

    private static ServeFigures figures(int count, List<StreamedCompletion> completions, double seconds) {
        long total = completions.stream().mapToLong(StreamedCompletion::tokens).sum();
        double[] first = completions.stream()
                .mapToDouble(StreamedCompletion::firstTokenMillis)
                .sorted()
                .toArray();
        double[] between = completions.stream()
                .flatMap(completion -> completion.betweenMillis().stream())
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return new ServeFigures(
                count,
                completions.size(),
                total,
                total / seconds,
                quantile(first, 0.5),
                quantile(first, 0.99),
                quantile(between, 0.5),
                quantile(between, 0.99));
    }

    /** The smallest value that at least this part of all does not exceed. */
    static double quantile(double[] sorted, double part) {
        if (sorted.length == 0) {
            return 0;
        }
        int index = (int) Math.ceil(part * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)];
    }

    private String firstModel() throws InterruptedException {
        JsonNode models = service.get("/v1/models");
        JsonNode first = models.path("data").path(0);
        if (first.isMissingNode()) {
            throw new CommandFailure(
                    "the service at " + service.service() + " has no model: " + models,
                    "Register one: ./shiftadd demo");
        }
        return first.path("id").asString();
    }

    private void print(ServeFigures f) {
        out().printf(
                        Locale.ROOT,
                        "%8d %10d %12.1f %22s %22s%n",
                        f.streams(),
                        f.tokens(),
                        f.tokensPerSecond(),
                        pair(f.firstTokenMedian(), f.firstTokenP99()),
                        pair(f.betweenMedian(), f.betweenP99()));
        out().flush();
    }

    private static String pair(double median, double p99) {
        return String.format(Locale.ROOT, "%.1f / %.1f", median, p99);
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        return spec.commandLine().getOut();
    }
}

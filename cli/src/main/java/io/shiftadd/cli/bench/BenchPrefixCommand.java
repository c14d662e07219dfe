package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How soon a prompt is answered whose beginning is computed, read from disk after an unloading, or in memory. */
@Command(
        name = "prefix",
        mixinStandardHelpOptions = true,
        description = "Asks a running inference-service, unloads the model, and asks the same again: time to the first"
                + " token of a prompt that is computed, read from disk, and still in memory.")
public final class BenchPrefixCommand implements Callable<Integer> {

    private static final String[] WORDS =
            "the a captain harbour ship storm letter morning sails office pilot water evening stone light road house"
                    .split(" ");

    private static final int OK = 200;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:8082",
            description = "The inference-service. Default: ${DEFAULT-VALUE}")
    URI url = URI.create("http://127.0.0.1:8082");

    @Option(names = "--model", required = true, description = "That it has, and nobody else uses meanwhile.")
    String model = "";

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Each with a prompt of its own. Default: ${DEFAULT-VALUE}")
    int rounds;

    @Option(names = "--words", defaultValue = "400", description = "Of each prompt. Default: ${DEFAULT-VALUE}")
    int words;

    @Option(
            names = "--key",
            defaultValue = "${env:SHIFTADD_API_KEY}",
            description = "API key, if the service asks for one.")
    @Nullable
    String key;

    private final HttpClient client = HttpClient.newHttpClient();

    @Override
    public Integer call() throws InterruptedException {
        if (spec == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        PrintWriter out = spec.commandLine().getOut();
        double[] computed = new double[rounds];
        double[] read = new double[rounds];
        double[] kept = new double[rounds];
        int tokens = 0;
        ask(prompt(-1));
        for (int round = 0; round < rounds; round++) {
            String prompt = prompt(round);
            computed[round] = ask(prompt).firstTokenMillis();
            move("unload");
            move("load");
            StreamedCompletion restored = ask(prompt);
            if (restored.cachedTokens() == 0) {
                throw new CommandFailure(
                        "nothing of the prompt was read from disk",
                        "Prompts need 64 tokens at least, and the service SHIFTADD_INFERENCE_PREFIXDISK above 0B");
            }
            tokens = restored.cachedTokens();
            read[round] = restored.firstTokenMillis();
            kept[round] = ask(prompt).firstTokenMillis();
        }
        out.printf("%s, prompts of %d words, %d tokens of them on disk, %d rounds%n", model, words, tokens, rounds);
        out.printf("%-16s %18s %20s%n", "beginning", "first token, ms", "least and most");
        row(out, "computed", computed);
        row(out, "read from disk", read);
        row(out, "in memory", kept);
        return 0;
    }

    private static void row(PrintWriter out, String name, double[] millis) {
        Arrays.sort(millis);
        out.printf(
                Locale.ROOT,
                "%-16s %18.1f %20s%n",
                name,
                BenchServeCommand.quantile(millis, 0.5),
                String.format(Locale.ROOT, "%.1f to %.1f", millis[0], millis[millis.length - 1]));
    }

    /** Prompts that have nothing in common, in this run and any other. */
    private String prompt(int round) {
        Random random = new Random(System.nanoTime() + round);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }

    private StreamedCompletion ask(String prompt) throws InterruptedException {
        return StreamedCompletion.run(
                client,
                url,
                key,
                Map.of(
                        "model",
                        model,
                        "prompt",
                        prompt,
                        "max_tokens",
                        8,
                        "temperature",
                        0,
                        "stream",
                        true,
                        "stream_options",
                        Map.of("include_usage", true)));
    }

    private void move(String where) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve("/v1/models/" + model + "/" + where))
                .POST(HttpRequest.BodyPublishers.noBody());
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() != OK) {
                throw new CommandFailure(
                        "the service answered " + response.statusCode() + " to " + where + ": " + response.body(),
                        "Nobody else may use the model meanwhile, and it must not be pinned");
            }
        } catch (IOException e) {
            throw new CommandFailure("no answer from " + url + ": " + e, "Start the services with: ./shiftadd up", e);
        }
    }
}

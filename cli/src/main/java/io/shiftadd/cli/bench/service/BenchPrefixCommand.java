package io.shiftadd.cli.bench.service;

import io.shiftadd.cli.CommandFailure;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ServiceOptions service = new ServiceOptions();

    @Option(names = "--model", required = true, description = "That it has, and nobody else uses meanwhile.")
    String model = "";

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Each with a prompt of its own. Default: ${DEFAULT-VALUE}")
    int rounds;

    @Option(names = "--words", defaultValue = "400", description = "Of each prompt. Default: ${DEFAULT-VALUE}")
    int words;

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
        return service.complete(Map.of(
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
        service.post("/v1/models/" + model + "/" + where);
    }
}

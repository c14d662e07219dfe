package io.shiftadd.cli.bench.service;

import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What guessing tokens gains and costs: the same completions of two services in turns, one of which does not guess. */
@Command(
        name = "speculation",
        mixinStandardHelpOptions = true,
        description = "Compares two running inference-services with the same model, one of them started with"
                + " SHIFTADD_INFERENCE_SPECULATION=off, on texts that repeat and on one that does not.")
public final class BenchSpeculationCommand implements Callable<Integer> {

    private static final String NOTICE = """
            The harbour office opens at seven. Ships longer than forty metres report by radio before they pass the \
            outer light, and wait for the pilot north of the second buoy. Fishing boats may enter at any time, but keep \
            to the eastern side of the channel. Water and fuel are sold at the long pier from eight to noon. Whoever \
            stays overnight pays at the office and is given a number, which must be seen from the quay.
            """;

    private static final String CODE = """
            def total_price(items, rate):
                total = 0
                for item in items:
                    price = item["price"] * item["count"]
                    if item["taxed"]:
                        price = price + price * rate
                    total = total + price
                return round(total, 2)

            def print_bill(items, rate):
                for item in items:
                    print(item["name"], item["count"], item["price"])
                print("total", total_price(items, rate))
            """;

    /** Prompts by what they are; the last does not repeat, as long as tokens are drawn. */
    private static final Map<String, String> PROMPTS = prompts();

    private static final String PROSE = "prose";

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--with",
            defaultValue = "http://127.0.0.1:8082",
            description = "Guesses. Default: ${DEFAULT-VALUE}")
    URI with = URI.create("http://127.0.0.1:8082");

    @Option(names = "--without", required = true, description = "The service that does not guess.")
    @Nullable
    URI without;

    @Option(names = "--model", required = true, description = "That both have.")
    String model = "";

    @Option(names = "--rounds", defaultValue = "5", description = "Of each text. Default: ${DEFAULT-VALUE}")
    int rounds;

    @Option(names = "--tokens", defaultValue = "128", description = "Of each completion. Default: ${DEFAULT-VALUE}")
    int tokens;

    @Option(
            names = "--key",
            defaultValue = "${env:SHIFTADD_API_KEY}",
            description = "API key, if the services ask for one.")
    @Nullable
    String key;

    private final HttpClient client = HttpClient.newHttpClient();

    private static Map<String, String> prompts() {
        Map<String, String> prompts = new LinkedHashMap<>();
        prompts.put("quotation", "A notice:\n\n" + NOTICE + "\nThe same notice, word for word:\n\nThe harbour office");
        prompts.put(
                "code edit",
                "# Before:\n" + CODE + "\n# After, with items called lines:\ndef total_price(lines, rate):\n");
        prompts.put(PROSE, "It had rained for three days when the letter came. ");
        return prompts;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (spec == null || without == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s, completions of %d tokens, %d rounds in turns%n", model, tokens, rounds);
        out.printf("%-12s %14s %14s %8s %20s%n", "text", "without, t/s", "with, t/s", "faster", "least and most");
        for (String text : PROMPTS.keySet()) {
            decode(with, text, 0);
            decode(without, text, 0);
            double[] guessed = new double[rounds];
            double[] plain = new double[rounds];
            double[] ratios = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                boolean first = round % 2 == 0;
                double one = decode(first ? with : without, text, round + 1);
                double other = decode(first ? without : with, text, round + 1);
                guessed[round] = first ? one : other;
                plain[round] = first ? other : one;
                ratios[round] = guessed[round] / plain[round];
            }
            Arrays.sort(ratios);
            out.printf(
                    Locale.ROOT,
                    "%-12s %14.1f %14.1f %7.2fx %20s%n",
                    text,
                    median(plain),
                    median(guessed),
                    median(ratios),
                    String.format(Locale.ROOT, "%.2f to %.2f", ratios[0], ratios[rounds - 1]));
            out.flush();
        }
        return 0;
    }

    /** Tokens a second after the first one; both services choose the same tokens. */
    private double decode(URI service, String text, int round) throws InterruptedException {
        StreamedCompletion completion = StreamedCompletion.run(
                client,
                service,
                key,
                Map.of(
                        "model",
                        model,
                        "prompt",
                        PROMPTS.get(text),
                        "max_tokens",
                        tokens,
                        "temperature",
                        text.equals(PROSE) ? 1.0 : 0.0,
                        "seed",
                        round,
                        "stream",
                        true,
                        "stream_options",
                        Map.of("include_usage", true)));
        double millis = completion.betweenMillis().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        return 1_000.0 * (completion.tokens() - 1) / millis;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return BenchServeCommand.quantile(sorted, 0.5);
    }
}

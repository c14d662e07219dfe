package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.model.cache.KvCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Speed of models of a well-known shape with made-up weights, against what memory allows. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        description = "Measures prompt processing and decoding on a model of a given shape with random packed weights."
                + " Several --bits, --group, --threads and --context: every combination, in turns.")
public final class BenchDecodeCommand implements Callable<Integer> {

    enum Kv {
        f32(KvCache.Precision.FLOAT32),
        f16(KvCache.Precision.FLOAT16),
        i8(KvCache.Precision.INT8);

        private final KvCache.Precision precision;

        Kv(KvCache.Precision precision) {
            this.precision = precision;
        }
    }

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--shape",
            defaultValue = "tinyllama-1.1b",
            description = "tinyllama-1.1b, llama-7b or opt-1.3b. Default: ${DEFAULT-VALUE}")
    String shape = "tinyllama-1.1b";

    @Option(
            names = "--bits",
            split = ",",
            defaultValue = "2",
            description = "Of the blocks' layers, 1 to 8; or several. Default: ${DEFAULT-VALUE}")
    List<Integer> bits = List.of();

    @Option(
            names = "--group",
            split = ",",
            defaultValue = "column",
            description = "${COMPLETION-CANDIDATES}, or both. Default: ${DEFAULT-VALUE}")
    List<DecodeFigures.Group> groups = List.of();

    @Option(
            names = "--head-bits",
            defaultValue = "4",
            description = "Of the head: 1 to 8, or 16 to leave it in float16. Default: ${DEFAULT-VALUE}")
    int headBits;

    @Option(names = "--rotate", description = "Walsh–Hadamard transforms on both sides of the blocks' layers.")
    boolean rotate;

    @Option(
            names = "--kv",
            defaultValue = "f16",
            description = "Keys and values: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    Kv kv = Kv.f16;

    @Option(names = "--threads", split = ",", description = "Or several. Default: all processors.")
    List<Integer> threads = List.of(Runtime.getRuntime().availableProcessors());

    @Option(names = "--prompt", defaultValue = "128", description = "Tokens of the prompt. Default: ${DEFAULT-VALUE}")
    int prompt;

    @Option(
            names = "--context",
            split = ",",
            description = "Instead of a prompt: decode after so many tokens whose keys and values are made up; or"
                    + " several, as 128,1024,4096, each compared with the first.")
    List<Integer> contexts = List.of();

    @Option(names = "--tokens", defaultValue = "64", description = "Decoded after it. Default: ${DEFAULT-VALUE}")
    int tokens;

    @Option(
            names = "--streams",
            defaultValue = "1",
            description = "Sequences decoded together. Default: ${DEFAULT-VALUE}")
    int streams;

    @Option(
            names = "--rounds",
            defaultValue = "9",
            description = "Of reading memory and of decoding, in turns; the medians count. Default: ${DEFAULT-VALUE}")
    int rounds;

    @Option(
            names = "--json",
            paramLabel = "<file>",
            description = "Also write the figures as a JSON object; of several combinations as a list.")
    @Nullable
    Path json;

    @Override
    public Integer call() throws IOException {
        List<RandomModel> models = new ArrayList<>();
        ModelShape of = ModelShape.named(shape).reaching(Math.addExact(longest(), tokens));
        for (int planes : bits) {
            for (DecodeFigures.Group group : groups) {
                boolean blockWise = group == DecodeFigures.Group.block;
                models.add(new RandomModel(of, planes, headBits, blockWise, rotate, 0));
            }
        }
        check(of);
        List<DecodeLoad> loads = contexts.isEmpty()
                ? List.of(new DecodeLoad(kv.precision, prompt, false, tokens, streams))
                : contexts.stream()
                        .map(context -> new DecodeLoad(kv.precision, context, true, tokens, streams))
                        .toList();
        try (DecodeTurns turns = DecodeTurns.open(models, threads, loads)) {
            List<DecodeFigures> figures = turns.run(rounds);
            for (DecodeFigures each : figures) {
                print(each, figures.getFirst(), turns.readyMillis());
            }
            if (json != null) {
                Object written = figures.size() == 1 ? figures.getFirst() : figures;
                Files.write(json, JsonMapper.builder().build().writeValueAsBytes(written));
            }
        }
        return 0;
    }

    private void check(ModelShape of) {
        boolean headFits = headBits >= 1 && headBits <= 8 || headBits == RandomModel.FLOAT;
        if (!headFits || bits.stream().anyMatch(planes -> planes < 1 || planes > 8)) {
            throw new CommandFailure(
                    "weights of " + joined(bits) + " bits with a head of " + headBits + " cannot be packed",
                    "--bits is 1 to 8, --head-bits 1 to 8 or 16.");
        }
        if (threads.stream().anyMatch(count -> count < 1)) {
            throw new CommandFailure("nothing runs on " + joined(threads) + " threads", "--threads is at least 1.");
        }
        boolean positive = prompt > 0 && tokens > 0 && streams > 0 && rounds > 0;
        if (!positive || contexts.stream().anyMatch(context -> context < 1) || longest() + tokens > of.context()) {
            throw new CommandFailure(
                    (contexts.isEmpty() ? prompt : joined(contexts)) + " and " + tokens + " tokens in " + rounds
                            + " rounds of " + streams + " streams cannot be run",
                    "All are at least 1, and --prompt, or the longest --context, and --tokens together at most "
                            + of.context() + ".");
        }
    }

    /** Tokens before the first that is decoded, at most. */
    private int longest() {
        return contexts.stream().mapToInt(Integer::intValue).max().orElse(prompt);
    }

    private static String joined(List<Integer> numbers) {
        return String.join(", ", numbers.stream().map(String::valueOf).toList());
    }

    private void print(DecodeFigures figures, DecodeFigures first, double readyMillis) {
        PrintWriter out = out();
        out.printf(
                Locale.ROOT,
                "%s, %d bits, %s-wise%s, head %s, keys and values %s, %d threads, %s%n",
                shape,
                figures.bits(),
                figures.group(),
                rotate ? ", rotated" : "",
                headBits == RandomModel.FLOAT ? "float16" : headBits + " bits",
                kv,
                figures.threads(),
                KernelSpecies.active().label());
        if (!contexts.isEmpty()) {
            line("context", "%d tokens, made up", figures.context());
        }
        line(
                "decode",
                "%.1f tokens/s%s",
                figures.decodeTokensPerSecond(),
                streams == 1 ? "" : " of " + streams + " streams");
        if (contexts.isEmpty() ? figures != first : figures.context() != contexts.getFirst()) {
            String than = contexts.isEmpty() ? "as the first" : "as with " + contexts.getFirst();
            line(than, "%.2f times as fast", figures.timesAsFastAsFirst());
        }
        if (streams > 1) {
            line(
                    "one stream",
                    "%.1f tokens/s, %.2f times as fast together",
                    figures.oneStreamTokensPerSecond(),
                    figures.gainOverOneStream());
        }
        Double prefill = figures.prefillTokensPerSecond();
        Double firstToken = figures.timeToFirstTokenMillis();
        if (prefill != null && firstToken != null) {
            line("prefill", "%.1f tokens/s, prompt of %d", prefill, prompt);
            line("time to first token", "%.0f ms", firstToken);
        }
        line("weights a token", "%.1f MB", figures.bytesPerToken() / 1e6);
        line("read while decoding", "%.1f GB/s", figures.gigabytesPerSecond());
        line("plain read", "%.1f GB/s", figures.readBandwidthGigabytesPerSecond());
        line("ratio", "%.1f %%", 100 * figures.bandwidthRatio());
        line("heap a token", "%d bytes", figures.allocatedBytesPerToken());
        line("model ready after", "%.0f ms", readyMillis);
        line("peak resident", "%.0f MB", figures.peakRssBytes() / 1e6);
        out.flush();
    }

    private void line(String label, String format, Object... values) {
        out().printf(Locale.ROOT, "  %-20s " + format + "%n", prepend(label, values));
    }

    private static Object[] prepend(String first, Object[] rest) {
        Object[] all = new Object[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        return spec.commandLine().getOut();
    }
}

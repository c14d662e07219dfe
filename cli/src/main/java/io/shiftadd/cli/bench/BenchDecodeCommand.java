package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.ResidentMemory;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.KernelSpecies;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.KvCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Speed of a model of a well-known shape with made-up weights, against what memory allows. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        description = "Measures prompt processing and decoding on a model of a given shape with random packed weights.")
public final class BenchDecodeCommand implements Callable<Integer> {

    private static final int WARM_UPS = 2;

    /** Tokens of all streams and of one in turns: a shared machine changes within a second. */
    private static final int TURN_TOKENS = 8;

    enum Group {
        column,
        block
    }

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
            defaultValue = "2",
            description = "Of the blocks' layers, 1 to 8. Default: ${DEFAULT-VALUE}")
    int bits;

    @Option(
            names = "--group",
            defaultValue = "column",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    Group group = Group.column;

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

    @Option(names = "--threads", description = "Default: all processors.")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--prompt", defaultValue = "128", description = "Tokens of the prompt. Default: ${DEFAULT-VALUE}")
    int prompt;

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

    @Option(names = "--json", paramLabel = "<file>", description = "Also write the figures as a JSON object.")
    @Nullable
    Path json;

    @Override
    public Integer call() throws IOException {
        RandomModel random = new RandomModel(ModelShape.named(shape), bits, headBits, group == Group.block, rotate, 0);
        check(random);
        try (WorkDirectory work = WorkDirectory.create()) {
            random.write(work.path());
            measure(random, work.path());
        }
        return 0;
    }

    private void check(RandomModel random) {
        boolean headFits = headBits >= 1 && headBits <= 8 || headBits == RandomModel.FLOAT;
        if (bits < 1 || bits > 8 || !headFits) {
            throw new CommandFailure(
                    "weights of " + bits + " bits with a head of " + headBits + " cannot be packed",
                    "--bits is 1 to 8, --head-bits 1 to 8 or 16.");
        }
        int context = random.shape().context();
        if (prompt < 1 || tokens < 1 || streams < 1 || rounds < 1 || prompt + tokens > context) {
            throw new CommandFailure(
                    prompt + " and " + tokens + " tokens in " + rounds + " rounds of " + streams
                            + " streams cannot be run",
                    "All are at least 1, and --prompt and --tokens together at most " + context + ".");
        }
    }

    private void measure(RandomModel random, Path directory) throws IOException {
        long opening = System.nanoTime();
        try (CausalLanguageModel model = CausalLanguageModel.open(directory);
                KernelContext context = KernelContext.create(threads)) {
            double ready = (System.nanoTime() - opening) / 1e6;
            DecodeFigures figures = rounds(model, context);
            print(random, figures, ready);
            if (json != null) {
                Files.write(json, JsonMapper.builder().build().writeValueAsBytes(figures));
            }
        }
    }

    /**
     * Reads memory and decodes in turns, so that all see the same of a machine that is shared, and takes the median of each:
     * one moment in which others leave the memory alone is not what a token could have had. Several streams and one take turns
     * every few tokens, and are compared within a round.
     */
    private DecodeFigures rounds(CausalLanguageModel model, KernelContext context) {
        DecodeRun run = new DecodeRun(model, context, kv.precision, prompt, streams);
        DecodeRun alone = streams == 1 ? run : new DecodeRun(model, context, kv.precision, prompt, 1);
        for (int i = 0; i < WARM_UPS; i++) {
            alone.run(tokens);
            run.run(tokens);
        }
        long allocated = run.run(tokens).allocatedBytes() / tokens;
        // The array that bandwidth is measured with is not the model's memory.
        long peak = ResidentMemory.peak();
        double[] bandwidths = new double[rounds];
        double[] firstTokens = new double[rounds];
        double[] decodes = new double[rounds];
        double[] decodesAlone = new double[rounds];
        double[] gains = new double[rounds];
        try (ReadBandwidth reader = new ReadBandwidth(context)) {
            for (int i = 0; i < rounds; i++) {
                bandwidths[i] = reader.round();
                firstTokens[i] = run.begin(tokens) / 1e9;
                if (alone != run) {
                    alone.begin(tokens);
                }
                DecodeRun.Decoded together = new DecodeRun.Decoded(0, 0);
                DecodeRun.Decoded single = together;
                for (int done = 0; done < tokens; done += TURN_TOKENS) {
                    int turn = Math.min(TURN_TOKENS, tokens - done);
                    together = together.plus(run.decode(turn));
                    single = alone == run ? together : single.plus(alone.decode(turn));
                }
                allocated = Math.min(allocated, together.allocatedBytes() / tokens);
                decodes[i] = together.nanos() / 1e9;
                decodesAlone[i] = single.nanos() / 1e9;
                gains[i] = streams * decodesAlone[i] / decodes[i];
            }
        }
        double decode = streams * tokens / median(decodes);
        double bandwidth = median(bandwidths);
        double reached = run.bytesPerToken() * decode / streams / 1e9;
        double firstToken = median(firstTokens);
        return new DecodeFigures(
                decode,
                tokens / median(decodesAlone),
                median(gains),
                prompt / firstToken,
                run.bytesPerToken(),
                reached,
                bandwidth,
                reached / bandwidth,
                firstToken * 1e3,
                allocated,
                peak);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private void print(RandomModel random, DecodeFigures figures, double readyMillis) {
        PrintWriter out = out();
        out.printf(
                Locale.ROOT,
                "%s, %d bits, %s-wise%s, head %s, keys and values %s, %d threads, %s%n",
                random.shape().label(),
                bits,
                group,
                rotate ? ", rotated" : "",
                headBits == RandomModel.FLOAT ? "float16" : headBits + " bits",
                kv,
                threads,
                KernelSpecies.active().label());
        line(
                "decode",
                "%.1f tokens/s%s",
                figures.decodeTokensPerSecond(),
                streams == 1 ? "" : " of " + streams + " streams");
        if (streams > 1) {
            line(
                    "one stream",
                    "%.1f tokens/s, %.2f times as fast together",
                    figures.oneStreamTokensPerSecond(),
                    figures.gainOverOneStream());
        }
        line("prefill", "%.1f tokens/s, prompt of %d", figures.prefillTokensPerSecond(), prompt);
        line("time to first token", "%.0f ms", figures.timeToFirstTokenMillis());
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

package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.cli.stack.StackSettings;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.species.KernelSpecies;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.cache.KvCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Ours and llama.cpp's models of the same shape and about the same bits, in turns. */
@Command(
        name = "peers",
        mixinStandardHelpOptions = true,
        description =
                "Measures llama.cpp (prebuilt, through npm) beside ours, in turns, on models of the same shape with"
                        + " random weights: prompts, decoding, and their ratios.")
public final class BenchPeersCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--shape", defaultValue = "tinyllama-1.1b", description = "Default: ${DEFAULT-VALUE}")
    String shape = "tinyllama-1.1b";

    @Option(
            names = "--formats",
            split = ",",
            defaultValue = "Q2_K,Q3_K_M,Q4_0,TQ2_0",
            description = "Of llama.cpp's models. Default: ${DEFAULT-VALUE}")
    List<PeerFormat> formats = List.of();

    @Option(names = "--threads", split = ",", defaultValue = "1,2", description = "Default: ${DEFAULT-VALUE}")
    List<Integer> threads = List.of();

    @Option(names = "--prompt", defaultValue = "128", description = "Tokens of the prompt. Default: ${DEFAULT-VALUE}")
    int prompt;

    @Option(names = "--tokens", defaultValue = "32", description = "Decoded after it. Default: ${DEFAULT-VALUE}")
    int tokens;

    @Option(names = "--rounds", defaultValue = "5", description = "The medians count. Default: ${DEFAULT-VALUE}")
    int rounds;

    @Option(
            names = "--avx2",
            description =
                    "Leave out llama.cpp's builds for more than AVX2; ours asks for it with the JVM's -XX:UseAVX=2.")
    boolean avx2;

    /** Seconds of prompts and of decoding, a round each. */
    private record Times(String name, double[] prompts, double[] decodes) {
        Times(String name, int rounds) {
            this(name, new double[rounds], new double[rounds]);
        }

        void set(int round, double promptSeconds, double decodeSeconds) {
            prompts[round] = promptSeconds;
            decodes[round] = decodeSeconds;
        }
    }

    @Override
    public Integer call() throws IOException {
        ModelShape of = ModelShape.named(shape);
        if (!of.llama() || prompt < 1 || tokens < 1 || rounds < 1 || prompt + tokens > of.context()) {
            throw new CommandFailure(
                    shape + " with " + prompt + " and " + tokens + " tokens in " + rounds
                            + " rounds cannot be compared",
                    "Shapes are those of LLaMA; --prompt and --tokens are together at most " + of.context() + ".");
        }
        PeerInstallation peer =
                PeerInstallation.at(StackSettings.of(System.getenv()).dataDirectory(), avx2);
        out().printf(
                        "%s, %s; ours: %s, head of 4 bits%n",
                        shape, processor(), KernelSpecies.active().label());
        out().printf("%-24s %-30s prompt of %d%n", "threads, tokens/s", "decode, times llama.cpp's", prompt);
        for (PeerFormat format : formats) {
            for (int count : threads) {
                compare(of, format, count, peer);
            }
        }
        return 0;
    }

    private void compare(ModelShape of, PeerFormat format, int count, PeerInstallation peer) throws IOException {
        Deque<Runnable> closing = new ArrayDeque<>();
        try {
            WorkDirectory work = WorkDirectory.create();
            closing.push(work::close);
            Path file = work.path().resolve("peer.gguf");
            new PeerModel(of, format).write(file);
            List<DecodeRun> ours = new ArrayList<>();
            List<CausalLanguageModel> models = new ArrayList<>();
            for (boolean blockWise : new boolean[] {false, true}) {
                Path directory = Files.createTempDirectory(work.path(), "model");
                new RandomModel(of, format.bits(), 4, blockWise, false, 0).write(directory);
                CausalLanguageModel model = CausalLanguageModel.open(directory);
                closing.push(model::close);
                models.add(model);
            }
            KernelContext context = KernelContext.create(count);
            closing.push(context::close);
            for (CausalLanguageModel model : models) {
                ours.add(new DecodeRun(model, context, KvCache.Precision.FLOAT16, prompt, 1));
            }
            PeerProcess theirs = PeerProcess.start(peer, file, count, of.vocabulary());
            closing.push(theirs::close);
            Times columns = new Times(format.bits() + " bits, column", rounds);
            Times blocks = new Times(format.bits() + " bits, block", rounds);
            Times peers = new Times(format + " (" + theirs.build() + ")", rounds);
            // The first round of each is not counted: it compiles, or reads the file.
            for (int round = -1; round < rounds; round++) {
                measure(ours.get(0), columns, round);
                measure(ours.get(1), blocks, round);
                PeerProcess.Round measured = theirs.round(prompt, tokens);
                if (round >= 0) {
                    peers.set(round, measured.prompt(), measured.decode());
                }
            }
            for (Times each : List.of(peers, columns, blocks)) {
                print(each, peers, count);
            }
        } finally {
            while (!closing.isEmpty()) {
                closing.pop().run();
            }
        }
    }

    private void measure(DecodeRun run, Times times, int round) {
        double promptSeconds = run.begin(tokens) / 1e9;
        double decodeSeconds = run.decode(tokens).nanos() / 1e9;
        if (round < 0) {
            run.run(tokens);
        } else {
            times.set(round, promptSeconds, decodeSeconds);
        }
    }

    private void print(Times times, Times peers, int count) {
        out().printf(
                        Locale.ROOT,
                        "%-22s %d  %7.1f  %5.2f ×  (%.2f–%.2f) %8.1f  %5.2f ×  (%.2f–%.2f)%n",
                        times.name(),
                        count,
                        tokens / quartile(times.decodes(), 2),
                        quartile(ratios(peers.decodes(), times.decodes()), 2),
                        quartile(ratios(peers.decodes(), times.decodes()), 1),
                        quartile(ratios(peers.decodes(), times.decodes()), 3),
                        prompt / quartile(times.prompts(), 2),
                        quartile(ratios(peers.prompts(), times.prompts()), 2),
                        quartile(ratios(peers.prompts(), times.prompts()), 1),
                        quartile(ratios(peers.prompts(), times.prompts()), 3));
        out().flush();
    }

    private static double[] ratios(double[] theirs, double[] ours) {
        double[] ratios = new double[ours.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = theirs[i] / ours[i];
        }
        return ratios;
    }

    private static double quartile(double[] values, int quarter) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) * quarter / 4];
    }

    private static String processor() throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.exists(file)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        return spec.commandLine().getOut();
    }
}

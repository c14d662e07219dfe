package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.calibration.TokenWindows;
import io.shiftadd.quantize.evaluation.Perplexity;
import io.shiftadd.quantize.reparameterization.BlockResult;
import io.shiftadd.quantize.reparameterization.LayerResult;
import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.ModelReparameterizer;
import io.shiftadd.quantize.reparameterization.ModelReparameterizer.LayerBits;
import io.shiftadd.quantize.reparameterization.ProgressListener;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Reparameterizes models in every way asked for and measures their perplexity as served. */
@Command(
        name = "accuracy",
        mixinStandardHelpOptions = true,
        description = "Makes the table of perplexities and writes it to docs/results.md.")
public final class BenchAccuracyCommand implements Callable<Integer> {

    private static final String PAPER = "-paper";

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--models",
            split = ",",
            paramLabel = "<dir>",
            description = "Default: the five of ../shared/models.")
    List<Path> models = List.of();

    @Option(
            names = "--methods",
            split = ",",
            defaultValue = "acc,lat,rtn,optq,lut-gemm",
            description =
                    "acc, lat, rtn, optq, lut-gemm; acc-paper and lat-paper as published. Default: ${DEFAULT-VALUE}")
    List<String> methods = List.of();

    @Option(
            names = "--bits",
            split = ",",
            defaultValue = "3,2,2.2",
            description = "Whole, or a mean that is allocated, such as 2.2, which acc and lat alone take."
                    + " Default: ${DEFAULT-VALUE}")
    List<Double> bits = List.of();

    @Option(names = "--shared", defaultValue = "../shared", description = "Models and texts. Default: ${DEFAULT-VALUE}")
    Path shared = Path.of("../shared");

    @Option(names = "--calibration", description = "Default: data/text/books-calibration.txt of --shared")
    @Nullable
    Path calibration;

    @Option(names = "--evaluation", description = "Default: data/text/books-evaluation.txt of --shared")
    @Nullable
    Path evaluation;

    @Option(names = "--samples", defaultValue = "128", description = "Calibration windows. Default: ${DEFAULT-VALUE}")
    int samples;

    @Option(
            names = "--tokens-per-input",
            defaultValue = "0",
            description = "Most calibration tokens used for each input of the widest layer: 10 or 20 are quick."
                    + " Default: 0 for all")
    int tokensPerInput;

    @Option(names = "--windows", defaultValue = "120", description = "Evaluation windows. Default: ${DEFAULT-VALUE}")
    int windows;

    @Option(names = "--length", defaultValue = "512", description = "Tokens of a window. Default: ${DEFAULT-VALUE}")
    int length;

    @Option(names = "--seed", defaultValue = "0", description = "Of windows and rotations. Default: ${DEFAULT-VALUE}")
    long seed;

    @Option(names = "--threads", description = "Default: all processors.")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", paramLabel = "<file>", description = "Also write the rows as a JSON list.")
    @Nullable
    Path json;

    @Option(
            names = "--add",
            description = "Keep what the file of --json has of other models, methods and bits; the table shows all.")
    boolean add;

    @Option(
            names = "--results",
            paramLabel = "<file>",
            defaultValue = "docs/results.md",
            description = "Where the table goes. Default: ${DEFAULT-VALUE}")
    Path results = Path.of("docs/results.md");

    @Override
    public Integer call() throws IOException {
        List<AccuracyRow> rows = new ArrayList<>(earlier());
        try (KernelContext context = KernelContext.create(threads)) {
            for (Path model : models.isEmpty() ? sharedModels() : models) {
                measure(model, rows, context);
            }
        }
        out().println("written to " + results);
        out().flush();
        return 0;
    }

    private List<AccuracyRow> earlier() throws IOException {
        if (!add || json == null || !Files.exists(json)) {
            return List.of();
        }
        AccuracyRow[] rows = JsonMapper.builder().build().readValue(Files.readAllBytes(json), AccuracyRow[].class);
        return List.of(rows);
    }

    /** After every row, so that a run that is cut short leaves what it has measured. */
    private void write(List<AccuracyRow> rows) throws IOException {
        rows.sort(Comparator.comparing(AccuracyRow::model)
                .thenComparing(AccuracyRow::method)
                .thenComparingDouble(AccuracyRow::bits));
        if (json != null) {
            Files.write(json, JsonMapper.builder().build().writeValueAsBytes(rows));
        }
        ResearchFigures research =
                ResearchFigures.read(shared.resolve("results").resolve("research-code.json"));
        AccuracyTable.write(results, AccuracyTable.markdown(rows, research, protocol(rows)));
    }

    private void measure(Path directory, List<AccuracyRow> rows, KernelContext context) throws IOException {
        int[][] calibrationWindows;
        int[][] evaluationWindows;
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            int[] calibrationTokens = tokenizer.encode(text(calibration, "books-calibration.txt"), true);
            calibrationWindows = TokenWindows.random(calibrationTokens, samples, length, seed);
            int[] evaluationTokens = tokenizer.encode(text(evaluation, "books-evaluation.txt"), true);
            evaluationWindows = TokenWindows.consecutive(evaluationTokens, windows, length);
        }
        double original;
        try (CausalLanguageModel model = CausalLanguageModel.open(directory)) {
            original = Perplexity.evaluate(model, evaluationWindows, context).value();
        }
        String name = directory.toAbsolutePath().normalize().getFileName().toString();
        out().printf("%-14s original %.3f%n", name, original);
        out().flush();
        for (String method : methods) {
            for (double wanted : bits) {
                if (wanted != Math.rint(wanted) && !settings(method).method().shiftsAndAdds()) {
                    continue;
                }
                Run run = new Run(directory, settings(method), wanted, calibrationWindows, evaluationWindows);
                AccuracyRow row = run.measure(name, method, original, context, out());
                rows.removeIf(old -> old.model().equals(name) && old.method().equals(method) && old.bits() == wanted);
                rows.add(row);
                write(rows);
                out().printf(
                                "%-14s %-10s %4s bits  %.3f  excess %.3f  %.1f s%n",
                                name,
                                method,
                                AccuracyTable.bits(wanted),
                                row.perplexity(),
                                row.perplexity() - original,
                                row.seconds());
                out().flush();
            }
        }
    }

    private record Run(
            Path directory, ReparameterizationSettings settings, double bits, int[][] calibration, int[][] evaluation) {

        AccuracyRow measure(String name, String method, double original, KernelContext context, PrintWriter out)
                throws IOException {
            Path work = Files.createTempDirectory("shiftadd-bench");
            try (CausalLanguageModel model = CausalLanguageModel.open(directory)) {
                long start = System.nanoTime();
                ModelReparameterizer reparameterizer = new ModelReparameterizer(model, settings, context);
                LayerBits bitsOfLayers = reparameterizer.bits(bits, work, calibration);
                if (!Double.isNaN(bitsOfLayers.kendallTau())) {
                    out.printf(
                            "  Kendall tau of predicted and measured error %.3f, layers by bits %s%n",
                            bitsOfLayers.kendallTau(), layersByBits(bitsOfLayers.bits()));
                }
                List<BlockResult> blocks =
                        reparameterizer.run(work, calibration, bitsOfLayers.bits(), ProgressListener.NONE);
                double seconds = (System.nanoTime() - start) / 1e9;
                double perplexity =
                        Perplexity.evaluate(model, evaluation, context).value();
                return row(name, method, original, perplexity, seconds, blocks);
            } finally {
                delete(work);
            }
        }

        private static Map<Integer, Integer> layersByBits(Map<String, Integer> bits) {
            Map<Integer, Integer> layers = new TreeMap<>();
            bits.values().forEach(of -> layers.merge(of, 1, Integer::sum));
            return layers;
        }

        private AccuracyRow row(
                String name,
                String method,
                double original,
                double perplexity,
                double seconds,
                List<BlockResult> blocks) {
            long weights = 0;
            long weightedBits = 0;
            long bytes = 0;
            for (BlockResult block : blocks) {
                for (LayerResult layer : block.layers()) {
                    long ofLayer = (long) layer.outputs() * layer.inputs();
                    weights += ofLayer;
                    weightedBits += ofLayer * layer.bits();
                    bytes += layer.served().weightBytes();
                }
            }
            return new AccuracyRow(
                    name, method, bits, (double) weightedBits / weights, bytes, original, perplexity, seconds);
        }
    }

    private ReparameterizationSettings settings(String method) {
        boolean paper = method.endsWith(PAPER);
        String plain = paper ? method.substring(0, method.length() - PAPER.length()) : method;
        try {
            Method parsed = Method.valueOf(plain.toUpperCase(Locale.ROOT).replace('-', '_'));
            ReparameterizationSettings settings = (paper
                            ? ReparameterizationSettings.paper(parsed)
                            : ReparameterizationSettings.of(parsed))
                    .withSeed(seed);
            return settings.withTokensPerInput(tokensPerInput);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    "there is no method '" + method + "'",
                    "Methods are acc, lat, rtn, optq, lut-gemm, acc-paper and lat-paper.",
                    e);
        }
    }

    private List<Path> sharedModels() {
        return List.of("bloom", "gemma", "llama", "mistral", "opt").stream()
                .map(family -> shared.resolve("models").resolve(family + "-10m"))
                .toList();
    }

    private String text(@Nullable Path given, String name) {
        Path file = given == null ? shared.resolve("data/text").resolve(name) : given;
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandFailure(
                    "the text " + file + " cannot be read", "Name another with --calibration and --evaluation.", e);
        }
    }

    private String protocol(List<AccuracyRow> rows) {
        return String.format(
                Locale.ROOT,
                """
                `./shiftadd bench accuracy --methods %s --bits %s --samples %d --tokens-per-input %d --seed %d`: perplexity on the first
                %d windows of %d tokens of the evaluation text, not overlapping, all next-token losses of a window; calibration on
                windows of %d tokens at random places of the calibration text. `original` is the float model, `reparameterized` runs
                through the packed kernels; bytes are those of the blocks' linear layers as served, seconds those of calibration,
                allocation and fits on %d threads. acc and lat are this project's defaults, acc-paper and lat-paper the published
                method. `research code` is the perplexity of the authors' own, `excess below its` how much less is lost here.""",
                String.join(
                        ",", rows.stream().map(AccuracyRow::method).distinct().toList()),
                String.join(
                        ",",
                        rows.stream()
                                .map(AccuracyRow::bits)
                                .distinct()
                                .map(AccuracyTable::bits)
                                .toList()),
                samples,
                tokensPerInput,
                seed,
                windows,
                length,
                length,
                threads);
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        return spec.commandLine().getOut();
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

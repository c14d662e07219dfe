package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.calibration.TokenWindows;
import io.shiftadd.quantize.evaluation.Perplexity;
import io.shiftadd.quantize.reparameterization.BlockResult;
import io.shiftadd.quantize.reparameterization.LayerResult;
import io.shiftadd.quantize.reparameterization.ModelReparameterizer;
import io.shiftadd.quantize.reparameterization.ModelReparameterizer.LayerBits;
import io.shiftadd.quantize.reparameterization.ProgressListener;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
            description = "acc, lat, rtn, optq, lut-gemm; acc-paper and lat-paper as published; parts of a recipe"
                    + " changed as in lat:damping=0.1:refit=0x0. Default: ${DEFAULT-VALUE}")
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
            description = "Most calibration tokens used for each input of the widest layer; 0 for all."
                    + " Default: the method's own")
    @Nullable
    Integer tokensPerInput;

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
            int[] calibrationTokens =
                    tokenizer.encode(SharedText.read(calibration, shared, "books-calibration.txt"), true);
            calibrationWindows = TokenWindows.random(calibrationTokens, samples, length, seed);
            int[] evaluationTokens =
                    tokenizer.encode(SharedText.read(evaluation, shared, "books-evaluation.txt"), true);
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
            Recipe recipe = Recipe.of(method, seed, tokensPerInput);
            for (double wanted : bits) {
                if (wanted != Math.rint(wanted) && !recipe.settings().method().shiftsAndAdds()) {
                    continue;
                }
                Run run = new Run(directory, recipe, wanted, calibrationWindows, evaluationWindows, out());
                AccuracyRow row = run.measure(name, original, context);
                rows.removeIf(old -> old.model().equals(name) && old.method().equals(method) && old.bits() == wanted);
                rows.add(row);
                write(rows);
                out().printf(
                                Locale.ROOT,
                                "%-14s %-10s %4s bits  %.3f  excess %.3f  %.1f s%n",
                                name,
                                method,
                                AccuracyTable.bits(wanted),
                                row.perplexity(),
                                row.perplexity() - original,
                                row.seconds());
                Allocation allocation = row.allocation();
                if (allocation != null) {
                    out().printf(
                                    Locale.ROOT,
                                    "  Kendall tau %.3f, layers by bits %s: %s%n",
                                    allocation.kendallTau(),
                                    allocation.layersByBits(),
                                    allocation.digits());
                }
                out().flush();
            }
        }
    }

    private record Run(
            Path directory, Recipe recipe, double bits, int[][] calibration, int[][] evaluation, PrintWriter progress) {

        AccuracyRow measure(String name, double original, KernelContext context) throws IOException {
            try (WorkDirectory directoryOfRun = WorkDirectory.create();
                    CausalLanguageModel model = CausalLanguageModel.open(directory)) {
                Path work = directoryOfRun.path();
                long start = System.nanoTime();
                SelfTuning tuning = recipe.tuneSteps() == 0 ? null : SelfTuning.of(model, recipe, bits, work, context);
                ModelReparameterizer reparameterizer = new ModelReparameterizer(model, recipe.settings(), context);
                LayerBits bitsOfLayers = reparameterizer.bits(bits, work, calibration);
                List<BlockResult> blocks =
                        reparameterizer.run(work, calibration, bitsOfLayers.bits(), ProgressListener.NONE);
                CausalLanguageModel served = model.with(BlockResult.served(blocks));
                if (recipe.headBits() > 0) {
                    LayerResult head = reparameterizer.head(blocks, work, calibration, recipe.headBits());
                    served = served.withHead(head.served());
                }
                if (tuning != null) {
                    served = tuning.run(served, blocks, progress);
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                double perplexity =
                        Perplexity.evaluate(served, evaluation, context).value();
                Allocation allocation = Double.isNaN(bitsOfLayers.kendallTau())
                        ? null
                        : new Allocation(bitsOfLayers.kendallTau(), bitsOfLayers.bits());
                return row(name, original, perplexity, seconds, blocks, allocation);
            }
        }

        private AccuracyRow row(
                String name,
                double original,
                double perplexity,
                double seconds,
                List<BlockResult> blocks,
                @Nullable Allocation allocation) {
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
            double mean = (double) weightedBits / weights;
            return new AccuracyRow(name, recipe.label(), bits, mean, bytes, original, perplexity, seconds, allocation);
        }
    }

    private List<Path> sharedModels() {
        return List.of("bloom", "gemma", "llama", "mistral", "opt").stream()
                .map(family -> shared.resolve("models").resolve(family + "-10m"))
                .toList();
    }

    private String protocol(List<AccuracyRow> rows) {
        String budget = tokensPerInput == null
                ? "of them as many as the method's default asks for, for each input of the widest layer %d tokens (acc) and %d (lat)"
                        .formatted(
                                Recipe.of("acc", seed, null).settings().tokensPerInput(),
                                Recipe.of("lat", seed, null).settings().tokensPerInput())
                : tokensPerInput == 0
                        ? "all of them used"
                        : "of them as many used as make %d tokens for each input of the widest layer"
                                .formatted(tokensPerInput);
        return String.format(
                Locale.ROOT,
                """
                `./shiftadd bench accuracy --methods %s --bits %s --samples %d --seed %d%s`: perplexity on the first %d windows of %d
                tokens of the evaluation text, not overlapping, all next-token losses of a window; calibration on windows of %d tokens at
                random places of the calibration text, %s. `original` is the float
                model, `reparameterized` runs through the packed kernels; bytes are those of the blocks' linear layers as served,
                seconds those of calibration, allocation and fits on %d threads. acc and lat are this project's defaults, acc-paper
                and lat-paper the published method. `research code` is the perplexity of the authors' own, `excess below its` how
                much less is lost here. %s, %s.""",
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
                seed,
                tokensPerInput == null ? "" : " --tokens-per-input " + tokensPerInput,
                windows,
                length,
                length,
                budget,
                threads,
                machine(),
                LocalDate.now(ZoneOffset.UTC));
    }

    /** The processor, where the system tells, and what runs on it. */
    private static String machine() {
        String processor = System.getProperty("os.arch");
        try {
            processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(processor);
        } catch (IOException e) {
            // Not Linux: the architecture says what there is to say.
            return processor + ", JDK " + Runtime.version().feature();
        }
        return Runtime.getRuntime().availableProcessors() + " processors of " + processor + ", JDK "
                + Runtime.version().feature();
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        return spec.commandLine().getOut();
    }
}

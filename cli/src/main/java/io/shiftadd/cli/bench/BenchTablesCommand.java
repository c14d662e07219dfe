package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.quantize.calibration.TokenWindows;
import io.shiftadd.quantize.evaluation.Perplexity;
import io.shiftadd.quantize.reparameterization.BlockResult;
import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.ModelReparameterizer;
import io.shiftadd.quantize.reparameterization.ProgressListener;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import io.shiftadd.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What rounding look-up tables to 8 bits costs: perplexity as served against the same weights expanded to float. */
@Command(
        name = "tables",
        mixinStandardHelpOptions = true,
        description = "Compares perplexity through the packed kernels with that of the same weights expanded to float.")
public final class BenchTablesCommand implements Callable<Integer> {

    private static final String TEXTS = "data/text/books-";

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--shared", defaultValue = "../shared", description = "Models and texts. Default: ${DEFAULT-VALUE}")
    Path shared = Path.of("../shared");

    @Option(names = "--model", description = "Default: models/llama-10m of --shared")
    @Nullable
    Path model;

    @Option(
            names = "--methods",
            split = ",",
            defaultValue = "acc,lat",
            description = "acc, lat; acc-paper and lat-paper as published. Default: ${DEFAULT-VALUE}")
    List<String> methods = List.of();

    @Option(names = "--bits", split = ",", defaultValue = "2,3", description = "Default: ${DEFAULT-VALUE}")
    List<Integer> bits = List.of();

    @Option(names = "--samples", defaultValue = "32", description = "Calibration windows. Default: ${DEFAULT-VALUE}")
    int samples;

    @Option(names = "--windows", defaultValue = "40", description = "Evaluation windows. Default: ${DEFAULT-VALUE}")
    int windows;

    @Option(names = "--length", defaultValue = "512", description = "Tokens of a window. Default: ${DEFAULT-VALUE}")
    int length;

    @Option(names = "--threads", description = "Default: all processors.")
    int threads = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() throws IOException {
        Path directory = model == null ? shared.resolve("models/llama-10m") : model;
        int[][] calibration;
        int[][] evaluation;
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            calibration = TokenWindows.random(tokenizer.encode(text("calibration"), true), samples, length, 0);
            evaluation = TokenWindows.consecutive(tokenizer.encode(text("evaluation"), true), windows, length);
        }
        out().printf("%-9s %4s %12s %12s %12s%n", "method", "bits", "as served", "expanded", "difference");
        try (KernelContext context = KernelContext.create(threads)) {
            for (String method : methods) {
                for (int b : bits) {
                    compare(directory, method, b, calibration, evaluation, context);
                }
            }
        }
        return 0;
    }

    private void compare(
            Path directory, String method, int b, int[][] calibration, int[][] evaluation, KernelContext context)
            throws IOException {
        try (WorkDirectory directoryOfRun = WorkDirectory.create();
                CausalLanguageModel opened = CausalLanguageModel.open(directory)) {
            Path work = directoryOfRun.path();
            ModelReparameterizer reparameterizer = new ModelReparameterizer(opened, settings(method), context);
            List<BlockResult> blocks = reparameterizer.run(
                    work,
                    calibration,
                    reparameterizer.bits(b, work, calibration).bits(),
                    ProgressListener.NONE);
            CausalLanguageModel packed = opened.with(BlockResult.served(blocks));
            double served = Perplexity.evaluate(packed, evaluation, context).value();
            double expanded =
                    Perplexity.evaluate(expanded(packed), evaluation, context).value();
            out().printf(
                            Locale.ROOT,
                            "%-9s %4d %12.4f %12.4f %+11.4f%%%n",
                            method,
                            b,
                            served,
                            expanded,
                            100 * (served - expanded) / expanded);
            out().flush();
        }
    }

    private static CausalLanguageModel expanded(CausalLanguageModel model) {
        Map<String, LinearLayer> layers = new HashMap<>();
        for (int i = 0; i < model.blockCount(); i++) {
            DecoderBlock block = model.block(i);
            for (String name : block.linearNames()) {
                LinearLayer layer = block.linear(name);
                if (layer instanceof PackedLinear packed) {
                    layers.put(name, new ExpandedLinear(packed));
                }
            }
        }
        return model.with(layers);
    }

    private static ReparameterizationSettings settings(String method) {
        return switch (method) {
            case "acc" -> ReparameterizationSettings.of(Method.ACC);
            case "lat" -> ReparameterizationSettings.of(Method.LAT);
            case "acc-paper" -> ReparameterizationSettings.paper(Method.ACC);
            case "lat-paper" -> ReparameterizationSettings.paper(Method.LAT);
            default ->
                throw new CommandFailure(
                        "there is no packed method '" + method + "'",
                        "Methods are acc and lat, and acc-paper and lat-paper as published.");
        };
    }

    private String text(String name) {
        Path file = shared.resolve(TEXTS + name + ".txt");
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandFailure("the text " + file + " cannot be read", "Name its folder with --shared.", e);
        }
    }

    private PrintWriter out() {
        if (spec == null) {
            throw new IllegalStateException("picocli calls this after parsing the command line");
        }
        return spec.commandLine().getOut();
    }
}

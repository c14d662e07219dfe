package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.vision.ImageSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What models of images lose and how fast they are, and the parts of ShiftAddViT by themselves. */
@Command(
        name = "vision",
        mixinStandardHelpOptions = true,
        description = "Measures models of images: accuracy, images a second, experts, attention.")
public final class BenchVisionCommand implements Callable<Integer> {

    private static final List<String> OF_MODELS = List.of("accuracy", "speed", "experts", "costs");

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--parts",
            split = ",",
            defaultValue = "accuracy,speed,experts,costs,products,attention",
            description = "What to measure. Default: ${DEFAULT-VALUE}; balance: accuracy with routers that lean, too")
    List<String> parts = List.of();

    @Option(
            names = "--models",
            split = ",",
            paramLabel = "<dir>",
            description = "Default: the three of ../shared/models.")
    List<Path> models = List.of();

    @Option(
            names = "--methods",
            split = ",",
            defaultValue = "acc,lat,optq",
            description = "As of bench accuracy; empty: the originals alone. Default: ${DEFAULT-VALUE}")
    List<String> methods = List.of();

    @Option(names = "--bits", split = ",", defaultValue = "3,2", description = "Default: ${DEFAULT-VALUE}")
    List<Double> bits = List.of();

    @Option(
            names = "--shared",
            defaultValue = "../shared",
            description = "Models and images. Default: ${DEFAULT-VALUE}")
    Path shared = Path.of("../shared");

    @Option(names = "--calibration", description = "Set of images. Default: cifar10-train-1000.csv of --shared")
    @Nullable
    Path calibration;

    @Option(names = "--evaluation", description = "Set of images. Default: cifar10-test.csv of --shared")
    @Nullable
    Path evaluation;

    @Option(names = "--samples", defaultValue = "512", description = "Calibration images. Default: ${DEFAULT-VALUE}")
    int samples;

    @Option(
            names = "--images",
            defaultValue = "0",
            description = "Evaluation images; 0 for all. Default: ${DEFAULT-VALUE}")
    int images;

    @Option(names = "--seed", defaultValue = "0", description = "Of the choice of images. Default: ${DEFAULT-VALUE}")
    long seed;

    @Option(names = "--threads", description = "Default: all processors.")
    int threads = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() throws IOException {
        try (KernelContext context = KernelContext.create(threads)) {
            if (OF_MODELS.stream().anyMatch(this::wanted)) {
                for (Path model : modelsOrShared()) {
                    measure(model, context);
                }
            }
            if (wanted("products")) {
                CodeProductRun.print(out(), context);
            }
            if (wanted("attention")) {
                AttentionRun.print(out(), context);
            }
        }
        return 0;
    }

    private boolean wanted(String part) {
        return parts.contains(part);
    }

    private void measure(Path model, KernelContext context) throws IOException {
        VisionRun run = new VisionRun(
                model,
                ImageSet.open(calibration == null ? data("cifar10-train-1000.csv") : calibration),
                ImageSet.open(evaluation == null ? data("cifar10-test.csv") : evaluation),
                samples,
                images == 0 ? Integer.MAX_VALUE : images,
                seed,
                context,
                out());
        if (wanted("accuracy") || wanted("speed")) {
            run.reparameterized(methods, bits, wanted("accuracy"), wanted("speed"), wanted("balance"));
        }
        if (wanted("experts")) {
            run.experts();
        }
        if (wanted("costs")) {
            run.costs();
        }
    }

    private Path data(String name) {
        return shared.resolve("data/images").resolve(name);
    }

    private List<Path> modelsOrShared() {
        return models.isEmpty()
                ? List.of("vit-mini", "vit-mini-add", "vit-mini-shiftadd").stream()
                        .map(name -> shared.resolve("models").resolve(name))
                        .toList()
                : models;
    }

    private PrintWriter out() {
        return spec == null
                ? new PrintWriter(System.out, true)
                : spec.commandLine().getOut();
    }
}

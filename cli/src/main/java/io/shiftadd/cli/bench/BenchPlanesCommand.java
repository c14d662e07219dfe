package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.Transformer;
import io.shiftadd.model.vision.ImagePreprocessor;
import io.shiftadd.model.vision.ImageSet;
import io.shiftadd.quantize.calibration.ImageSample;
import io.shiftadd.quantize.calibration.TokenWindows;
import io.shiftadd.quantize.reparameterization.CalibrationBudget;
import io.shiftadd.tokenizer.Tokenizer;
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

/** What models of images and of text lose when some tokens read the first planes of each layer alone. */
@Command(
        name = "planes",
        mixinStandardHelpOptions = true,
        description = "Measures planes as experts: a router sends tokens through the first two planes of each layer or"
                + " through all four; beside it routers that choose at random and that know the loss, and fewer bits.")
public final class BenchPlanesCommand implements Callable<Integer> {

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--models",
            split = ",",
            paramLabel = "<dir>",
            description = "Of images or of text. Default: vit-mini and llama-10m of --shared.")
    List<Path> models = List.of();

    @Option(names = "--method", defaultValue = "acc", description = "acc or lat. Default: ${DEFAULT-VALUE}")
    String method = "acc";

    @Option(
            names = "--shares",
            split = ",",
            defaultValue = "0.25,0.5",
            description = "Of tokens that are cheap. Default: ${DEFAULT-VALUE}")
    List<Double> shares = List.of();

    @Option(
            names = "--bits",
            split = ",",
            defaultValue = "3,3.5",
            description = "Of models beside it. Default: ${DEFAULT-VALUE}")
    List<Double> bits = List.of();

    @Option(
            names = "--shared",
            defaultValue = "../shared",
            description = "Models, images and texts. Default: ${DEFAULT-VALUE}")
    Path shared = Path.of("../shared");

    @Option(
            names = "--samples",
            defaultValue = "512",
            description = "Most images or windows of calibration. Default: ${DEFAULT-VALUE}")
    int samples;

    @Option(names = "--images", defaultValue = "2000", description = "Evaluation images. Default: ${DEFAULT-VALUE}")
    int images;

    @Option(names = "--windows", defaultValue = "40", description = "Evaluation windows. Default: ${DEFAULT-VALUE}")
    int windows;

    @Option(names = "--length", defaultValue = "512", description = "Tokens of a window. Default: ${DEFAULT-VALUE}")
    int length;

    @Option(names = "--seed", defaultValue = "0", description = "Of all that is random. Default: ${DEFAULT-VALUE}")
    long seed;

    @Option(names = "--threads", description = "Default: all processors.")
    int threads = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() throws IOException {
        Recipe recipe = Recipe.of(method, seed, null);
        if (!recipe.settings().method().shiftsAndAdds()) {
            throw new CommandFailure("planes of '" + method + "' do not add up", "Choose acc or lat.");
        }
        if (shares.stream().anyMatch(share -> !(share >= 0 && share <= 1))) {
            throw new CommandFailure("of " + shares + " not all are shares of tokens", "Choose numbers from 0 to 1.");
        }
        List<Path> measured = models.isEmpty()
                ? List.of(shared.resolve("models/vit-mini"), shared.resolve("models/llama-10m"))
                : models;
        try (KernelContext context = KernelContext.create(threads)) {
            for (Path directory : measured) {
                measure(directory, recipe, context);
            }
        }
        return 0;
    }

    private void measure(Path directory, Recipe recipe, KernelContext context) throws IOException {
        String name = directory.toAbsolutePath().normalize().getFileName().toString();
        try (WorkDirectory work = WorkDirectory.create();
                Transformer model = Transformer.open(directory)) {
            switch (model) {
                case ImageClassifier classifier ->
                    new PlanesRun<>(
                                    classifier,
                                    ImageClassifier::with,
                                    pictures(directory, classifier, recipe),
                                    recipe,
                                    seed,
                                    context,
                                    out())
                            .measure(name, bits, shares, work.path());
                case CausalLanguageModel language ->
                    new PlanesRun<>(language, CausalLanguageModel::with, texts(directory), recipe, seed, context, out())
                            .measure(name, bits, shares, work.path());
            }
        }
    }

    private PlaneMaterial.Pictures pictures(Path directory, ImageClassifier model, Recipe recipe) {
        ImagePreprocessor preprocessor = ImagePreprocessor.of(directory, model.config());
        ImageSet calibration = ImageSet.open(shared.resolve("data/images/cifar10-train-1000.csv"));
        ImageSet evaluation = ImageSet.open(shared.resolve("data/images/cifar10-test.csv"));
        int enough = CalibrationBudget.sequences(samples, model.config().contextLength(), model, recipe.settings());
        return new PlaneMaterial.Pictures(
                ImageSample.of(calibration, preprocessor, enough, seed),
                ImageSample.of(evaluation, preprocessor, images, seed ^ 1),
                evaluation);
    }

    private PlaneMaterial.Windows texts(Path directory) {
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            int[] calibration = tokenizer.encode(SharedText.read(null, shared, "books-calibration.txt"), true);
            int[] evaluation = tokenizer.encode(SharedText.read(null, shared, "books-evaluation.txt"), true);
            return new PlaneMaterial.Windows(
                    TokenWindows.random(calibration, samples, length, seed),
                    TokenWindows.consecutive(evaluation, windows, length));
        }
    }

    private PrintWriter out() {
        return spec == null
                ? new PrintWriter(System.out, true)
                : spec.commandLine().getOut();
    }
}

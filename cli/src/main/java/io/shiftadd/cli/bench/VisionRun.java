package io.shiftadd.cli.bench;

import io.shiftadd.cost.ModelCost;
import io.shiftadd.cost.Operation;
import io.shiftadd.cost.OperationCounts;
import io.shiftadd.cost.PriceList;
import io.shiftadd.cost.Quantity;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.ImageClassifier;
import io.shiftadd.model.LinearInputObserver;
import io.shiftadd.model.vision.ImageLabels;
import io.shiftadd.model.vision.ImagePreprocessor;
import io.shiftadd.model.vision.ImageSet;
import io.shiftadd.quantize.allocation.ExpertBalance;
import io.shiftadd.quantize.calibration.CalibrationSet;
import io.shiftadd.quantize.calibration.ImageSample;
import io.shiftadd.quantize.evaluation.ImageEvaluation;
import io.shiftadd.quantize.reparameterization.BlockResult;
import io.shiftadd.quantize.reparameterization.CalibrationBudget;
import io.shiftadd.quantize.reparameterization.ModelReparameterizer;
import io.shiftadd.quantize.reparameterization.ProgressListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** One model of images, measured in every way asked for. */
record VisionRun(
        Path directory,
        ImageSet calibration,
        ImageSet evaluation,
        int samples,
        int images,
        long seed,
        KernelContext context,
        PrintWriter out) {

    /** Images of a request. */
    private static final int BATCH = 64;

    private static final double MILLION = 1e6;

    /** Images whose experts are looked at. */
    private static final int ROUTED = 256;

    private record Candidate(String label, ImageClassifier model, long bytes) {}

    private String name() {
        return directory.toAbsolutePath().normalize().getFileName().toString();
    }

    /** @param balance whether each result is looked at with routers that lean, too */
    void reparameterized(List<String> methods, List<Double> bits, boolean accuracy, boolean speed, boolean balance)
            throws IOException {
        try (WorkDirectory work = WorkDirectory.create();
                ImageClassifier original = ImageClassifier.open(directory)) {
            List<Candidate> candidates = new ArrayList<>();
            candidates.add(new Candidate("original", original, bytes(original)));
            for (double wanted : bits) {
                for (String method : methods) {
                    if (!method.isEmpty()) {
                        candidates.add(fit(original, method, wanted, work.path()));
                    }
                }
            }
            if (balance && original.vision().shiftExperts()) {
                candidates.addAll(candidates.stream().map(this::balanced).toList());
            }
            out.printf("%n%s: %d blocks, linear layers of %d bytes%n", name(), original.blockCount(), bytes(original));
            if (accuracy) {
                accuracy(original, candidates);
            }
            if (speed) {
                candidates.forEach(this::speed);
            }
            out.flush();
        }
    }

    private Candidate fit(ImageClassifier original, String method, double bits, Path work) {
        Recipe recipe = Recipe.of(method, seed, null);
        ImagePreprocessor preprocessor = ImagePreprocessor.of(directory, original.config());
        int enough =
                CalibrationBudget.sequences(samples, original.config().contextLength(), original, recipe.settings());
        ImageSample sample = ImageSample.of(calibration, preprocessor, enough, seed);
        ModelReparameterizer reparameterizer = new ModelReparameterizer(original, recipe.settings(), context);
        var ofLayers = reparameterizer.bits(
                bits, () -> CalibrationSet.create(work.resolve("profile"), original, sample, context));
        CalibrationSet set = CalibrationSet.create(work.resolve("calibration"), original, sample, context);
        List<BlockResult> blocks = reparameterizer.run(set, ofLayers.bits(), ProgressListener.NONE);
        ImageClassifier served = original.with(BlockResult.served(blocks));
        if (recipe.headBits() > 0) {
            served = served.withHead(
                    reparameterizer.head(blocks, set, recipe.headBits()).served());
        }
        return new Candidate(method + " " + AccuracyTable.bits(bits) + " bits", served, bytes(served));
    }

    /** The same with routers that lean by what both experts take here. */
    private Candidate balanced(Candidate candidate) {
        ImageClassifier model = candidate.model();
        ImageSample sample = ImageSample.of(calibration, ImagePreprocessor.of(directory, model.config()), ROUTED, seed);
        ExpertBalance balance = ExpertBalance.of(model, sample, context, () -> {});
        out.printf(
                Locale.ROOT,
                "%s %s: dense %.2f µs a token, shift %.2f µs; shift expert's tokens %.1f %%, balanced %.1f %%%n",
                name(),
                candidate.label(),
                1e6 * balance.denseSeconds(),
                1e6 * balance.shiftSeconds(),
                100 * balance.trained(),
                100 * balance.balanced());
        out.flush();
        return new Candidate(candidate.label() + ", balanced", model.leaning(balance.leans()), candidate.bytes());
    }

    /** Operations and energy of an image, attention included. */
    void costs() {
        ModelCost cost = ModelCost.of(directory);
        OperationCounts all = cost.stored().plus(cost.attention());
        out.printf(
                Locale.ROOT,
                "%s, an image: %.1f M multiplications, %.1f M additions, %.1f M shifts, %.1f MB looked up; %s,"
                        + " arithmetic alone as of float32 %s (attention %s and %s)%n",
                name(),
                all.of(Operation.FP16_MULTIPLY) / MILLION,
                (all.of(Operation.FP16_ADD) + all.of(Operation.INT32_ADD)) / MILLION,
                all.of(Operation.INT32_SHIFT) / MILLION,
                all.of(Operation.LOOK_UP) / MILLION,
                Quantity.energy(all.picojoules()),
                Quantity.energy(all.picojoules(PriceList.ARITHMETIC)),
                Quantity.energy(cost.attention().picojoules()),
                Quantity.energy(cost.attention().picojoules(PriceList.ARITHMETIC)));
        out.flush();
    }

    private static long bytes(ImageClassifier model) {
        long bytes = 0;
        for (int i = 0; i < model.blockCount(); i++) {
            DecoderBlock block = model.block(i);
            for (String layer : block.linearNames()) {
                bytes += block.linear(layer).weightBytes();
            }
        }
        return bytes;
    }

    private void accuracy(ImageClassifier original, List<Candidate> candidates) {
        ImagePreprocessor preprocessor = ImagePreprocessor.of(directory, original.config());
        ImageSample sample = ImageSample.of(evaluation, preprocessor, images, seed ^ 1);
        int[] classes =
                ImageLabels.match(evaluation.classes(), original.vision().labels(), "the evaluation's images");
        ImageEvaluation result = ImageEvaluation.of(
                candidates.stream().map(Candidate::model).toList(), sample, classes, context, (_, _) -> {});
        out.printf("%-26s %9s %8s %8s %9s %11s%n", "", "top-1 %", "error", "points", "agrees %", "bytes");
        double first = result.scores().getFirst().top1().value();
        for (int i = 0; i < candidates.size(); i++) {
            ImageEvaluation.Share top1 = result.scores().get(i).top1();
            out.printf(
                    Locale.ROOT,
                    "%-26s %9.2f %8.2f %+8.2f %9.2f %11d%n",
                    candidates.get(i).label(),
                    100 * top1.value(),
                    100 * top1.standardError(),
                    100 * (top1.value() - first),
                    100 * result.agreements().get(i).value(),
                    candidates.get(i).bytes());
        }
        out.flush();
    }

    /** Requests of 64 images that are decoded already. */
    private void speed(Candidate candidate) {
        ImageClassifier model = candidate.model();
        float[] pixels = random(BATCH * model.vision().pixelValues());
        float[] logits = new float[BATCH * model.config().vocabularySize()];
        double seconds = Stopwatch.median(() -> model.logits(pixels, BATCH, logits, context));
        out.printf(Locale.ROOT, "%-26s %9.0f images/s%n", candidate.label(), BATCH / seconds);
    }

    /** How long both experts of each block take for a token, and how many tokens the router gives them. */
    void experts() throws IOException {
        try (ImageClassifier model = ImageClassifier.open(directory)) {
            if (!model.vision().shiftExperts()) {
                return;
            }
            ImagePreprocessor preprocessor = ImagePreprocessor.of(directory, model.config());
            ImageSample sample = ImageSample.of(evaluation, preprocessor, ROUTED, seed ^ 1);
            float[] pixels = sample.read(0, sample.size());
            float[] logits = new float[sample.size() * model.config().vocabularySize()];
            Shares shares = new Shares();
            model.logits(pixels, sample.size(), logits, context, shares);
            int tokens = BATCH * model.config().contextLength() / 2;
            List<List<LinearLayer>> experts = model.block(0).expertLayers();
            double dense = seconds(experts.getFirst(), tokens);
            double shift = seconds(experts.getLast(), tokens);
            out.printf(
                    Locale.ROOT,
                    "%nexperts of %s: dense %.2f µs a token, shift %.2f µs; shares by 1/latency %.1f and %.1f %%,"
                            + " by the router %.1f and %.1f %%%n",
                    name(),
                    1e6 * dense / tokens,
                    1e6 * shift / tokens,
                    100 * shift / (dense + shift),
                    100 * dense / (dense + shift),
                    100 - 100 * shares.shift(),
                    100 * shares.shift());
            out.flush();
        }
    }

    private double seconds(List<LinearLayer> expert, int tokens) {
        LinearLayer up = expert.getFirst();
        LinearLayer down = expert.getLast();
        float[] x = random(tokens * up.inputs());
        float[] inner = new float[tokens * up.outputs()];
        float[] y = new float[tokens * down.outputs()];
        return Stopwatch.median(() -> {
            up.forward(x, inner, tokens, context);
            down.forward(inner, y, tokens, context);
        });
    }

    /** Of tokens that go to the shift expert. */
    private static final class Shares implements LinearInputObserver {

        private long tokens;
        private long shifted;

        @Override
        public void observe(String linearName, float[] x, int rows, int inputs) {}

        @Override
        public void routed(String router, int[] experts, float[] margins) {
            tokens += experts.length;
            for (int expert : experts) {
                shifted += expert;
            }
        }

        double shift() {
            return (double) shifted / tokens;
        }
    }

    static float[] random(int count) {
        Random random = new Random(1);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}

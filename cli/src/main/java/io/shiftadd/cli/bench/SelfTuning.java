package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.quantize.calibration.HiddenStateFile;
import io.shiftadd.quantize.calibration.SelfSampler;
import io.shiftadd.quantize.reparameterization.BlockResult;
import io.shiftadd.quantize.reparameterization.LayerResult;
import io.shiftadd.quantize.tuning.Tuner;
import io.shiftadd.quantize.tuning.TuningSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tuning of a reparameterized model on text that its original wrote before. */
final class SelfTuning {

    /** Steps between two lines of progress. */
    private static final int REPORTED = 16;

    private final CausalLanguageModel model;
    private final TuningSettings settings;
    private final KernelContext context;
    private final int[][] texts;
    private final HiddenStateFile states;
    private final float[] head;
    private final double sampling;

    private SelfTuning(
            CausalLanguageModel model,
            TuningSettings settings,
            KernelContext context,
            int[][] texts,
            HiddenStateFile states,
            float[] head,
            double sampling) {
        this.model = model;
        this.settings = settings;
        this.context = context;
        this.texts = texts;
        this.states = states;
        this.head = head;
        this.sampling = sampling;
    }

    /** Samples the text, for which the model has to be as it was. @param work where its states are kept meanwhile */
    static SelfTuning of(CausalLanguageModel model, Recipe recipe, double bits, Path work, KernelContext context) {
        long seed = recipe.settings().seed();
        TuningSettings settings =
                TuningSettings.of(recipe.tuneSteps(), bits, model.config().contextLength(), seed);
        if (recipe.latentStep() > 0) {
            settings = settings.withLatentStep(recipe.latentStep());
        }
        long start = System.nanoTime();
        HiddenStateFile states = HiddenStateFile.create(
                work.resolve("states"),
                settings.texts(),
                settings.length(),
                model.config().hiddenSize());
        int[][] texts = new SelfSampler(model, model.config().bosToken(), context)
                .sample(0, settings.texts(), settings.length(), seed + 1, states);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new SelfTuning(model, settings, context, texts, states, model.headWeights(), seconds);
    }

    void run(List<BlockResult> blocks, PrintWriter out) {
        List<Map<String, PackedLinear>> packed = new ArrayList<>();
        for (BlockResult block : blocks) {
            Map<String, PackedLinear> layers = new LinkedHashMap<>();
            for (LayerResult layer : block.layers()) {
                if (!(layer.served() instanceof PackedLinear served)) {
                    throw new CommandFailure(
                            "'" + layer.layer() + "' is no shift-and-add layer, and cannot be tuned",
                            "Leave out tune= for the baselines.");
                }
                layers.put(layer.layer(), served);
            }
            packed.add(layers);
        }
        long start = System.nanoTime();
        Tuner tuner = new Tuner(model, packed, head, model.head(), settings, context);
        double[] sum = new double[1];
        Tuner.TeacherStates known = (text, target, at) -> {
            states.read(text, target, at);
            return true;
        };
        tuner.run(texts, known, (step, loss) -> {
            sum[0] += loss;
            if (step % REPORTED == 0 || step == settings.steps()) {
                int count = step % REPORTED == 0 ? REPORTED : step % REPORTED;
                double seconds = (System.nanoTime() - start) / 1e9;
                out.printf(
                        Locale.ROOT,
                        "  step %d of %d: loss %.4f, %.2f s a step, %.0f tokens/s (text: %.0f s)%n",
                        step,
                        settings.steps(),
                        sum[0] / count,
                        seconds / step,
                        step * (double) settings.tokens() / seconds,
                        sampling);
                out.flush();
                sum[0] = 0;
            }
        });
        tuner.result().installInto(model);
        states.close();
    }
}

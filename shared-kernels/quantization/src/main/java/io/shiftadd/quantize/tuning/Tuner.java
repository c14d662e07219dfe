package io.shiftadd.quantize.tuning;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.model.BlockAnatomy.NamedNorm;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.quantize.backward.ModelPass;
import io.shiftadd.quantize.backward.TrainedBlock;
import io.shiftadd.quantize.backward.TrainedHead;
import io.shiftadd.quantize.backward.TrainedNorm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Trains a packed model end to end so that its output distribution equals the original's: the loss is the mean over
 * tokens of {@code KL(original ‖ packed)} over the whole vocabulary. Scales, codes, norms and biases change; embeddings
 * and head stay.
 *
 * <p>Weights in training are those that will be served, without the rounding of look-up tables. The same seed and text
 * give the same bits on any number of threads, and also when a run is broken off and goes on from a checkpoint.
 *
 * <p>Memory: a packed weight takes 16 bytes (latent, gradient, two means), in models of {@link #WEIGHTS_IN_HALVES} and
 * more 10, gradient and means in bfloat16; activations take what {@link ModelPass#floats} says.
 */
public final class Tuner {

    /** Weights of a model from which on half the precision of gradients and means is worth its memory. */
    public static final long WEIGHTS_IN_HALVES = 1L << 28;

    /** The gradient of all parameters together is no longer than this. */
    private static final double LONGEST_GRADIENT = 1;

    /** Floats up to which all blocks' activations are kept, instead of computed twice. */
    public static final long KEPT_FLOATS = 300L << 20;

    private final CausalLanguageModel model;
    private final TuningSettings settings;
    private final KernelContext context;
    private final List<TrainedBlock> teacher;
    private final List<TrainedBlock> student;
    private final TrainedHead teacherHead;
    private final TrainedHead studentHead;
    private final ModelPass pass;
    private final List<Map<String, LatentLayer>> layers = new ArrayList<>();
    private final List<PlainParameters> norms = new ArrayList<>();
    private int step;

    /** Hears of each step: its number from 1, and its loss in nats a token. */
    @FunctionalInterface
    public interface Progress {
        void stepped(int step, double loss);
    }

    /**
     * @param model the original; its weights are read from its files
     * @param packed per block: the layers to tune by their names
     * @param originalHead {@code [vocabulary, embedding]}
     * @param head the served one, packed or the original's
     * @throws IllegalArgumentException if a layer is missing
     */
    public Tuner(
            CausalLanguageModel model,
            List<Map<String, PackedLinear>> packed,
            float[] originalHead,
            LinearLayer head,
            TuningSettings settings,
            KernelContext context) {
        this(model, packed, originalHead, head, settings, context, weights(packed) >= WEIGHTS_IN_HALVES);
    }

    /** @param inHalves whether gradients and means are kept in bfloat16 */
    Tuner(
            CausalLanguageModel model,
            List<Map<String, PackedLinear>> packed,
            float[] originalHead,
            LinearLayer head,
            TuningSettings settings,
            KernelContext context,
            boolean inHalves) {
        this.model = model;
        this.settings = settings;
        this.context = context;
        int length = settings.length();
        LatentLayer.Expansion expansion = new LatentLayer.Expansion();
        Map<DecoderBlock, Map<String, LatentLayer>> latent = new LinkedHashMap<>();
        for (int i = 0; i < model.blockCount(); i++) {
            Map<String, LatentLayer> ofBlock = new LinkedHashMap<>();
            packed.get(i).forEach((name, layer) -> ofBlock.put(name, new LatentLayer(layer, expansion, inHalves)));
            latent.put(model.block(i), ofBlock);
            layers.add(ofBlock);
        }
        teacher = TrainedModels.blocks(model, Tuner::original, length);
        student = TrainedModels.blocks(model, (block, name) -> latentLayer(latent, block, name), length);
        teacherHead = TrainedModels.head(model, originalHead);
        studentHead = TrainedModels.head(
                model, head instanceof PackedLinear packedHead ? packedHead.toDense() : originalHead);
        collectNorms();
        pass = new ModelPass(context, ModelPass.floats(student, settings.tokens(), true) <= KEPT_FLOATS);
    }

    /** Whether all that a model computes has its backward pass. */
    public static boolean canTune(ModelConfig config) {
        return TrainedModels.canBeTuned(config);
    }

    private static long weights(List<Map<String, PackedLinear>> packed) {
        long weights = 0;
        for (Map<String, PackedLinear> block : packed) {
            for (PackedLinear layer : block.values()) {
                weights += (long) layer.outputs() * layer.inputs();
            }
        }
        return weights;
    }

    private static FloatLayer original(DecoderBlock block, String name) {
        LinearLayer shape = block.linear(name);
        return new FloatLayer(block, name, shape.outputs(), shape.inputs(), block.bias(name));
    }

    private static LatentLayer latentLayer(
            Map<DecoderBlock, Map<String, LatentLayer>> latent, DecoderBlock block, String name) {
        LatentLayer layer = latent.getOrDefault(block, Map.of()).get(name);
        if (layer == null) {
            throw new IllegalArgumentException(
                    "layer '" + name + "' is not packed; tuning needs all layers of all blocks");
        }
        return layer;
    }

    private void collectNorms() {
        for (int i = 0; i < student.size(); i++) {
            List<NamedNorm> names = TrainedNorms.of(model.block(i));
            List<TrainedNorm> trained = student.get(i).norms();
            for (int n = 0; n < names.size(); n++) {
                norms.add(new PlainParameters(names.get(n).name(), trained.get(n)));
            }
        }
        NamedNorm last = model.finalNorm();
        if (last != null && studentHead.norm() != null) {
            norms.add(new PlainParameters(last.name(), studentHead.norm()));
        }
    }

    /** Steps that are done. */
    public int step() {
        return step;
    }

    /** What the original knows of a text, where that is kept. */
    @FunctionalInterface
    public interface TeacherStates {

        /**
         * @param target gets the states behind the last block, {@code [length, hidden]} from {@code at}
         * @return false where they are not known
         */
        boolean read(int text, float[] target, int at);
    }

    /**
     * Goes on until all steps of the settings are done.
     *
     * @param texts {@code [texts][length]} of token ids, {@link TuningSettings#texts()} of them
     */
    public void run(int[][] texts, Progress progress) {
        run(texts, (_, _, _) -> false, progress);
    }

    /** The same, with what is known of the texts. */
    public void run(int[][] texts, TeacherStates states, Progress progress) {
        while (step < settings.steps()) {
            double loss = step(texts, states);
            progress.stepped(step, loss);
        }
    }

    /** One step; its loss before it, in nats a token. */
    public double step(int[][] texts) {
        return step(texts, (_, _, _) -> false);
    }

    /** The same, with what is known of the texts: a batch that is not known whole runs through the original. */
    public double step(int[][] texts, TeacherStates states) {
        context.check();
        int length = settings.length();
        int[] batch = batch(texts.length);
        float[] hidden = embed(texts, batch, length);
        float[] taught = new float[hidden.length];
        boolean known = known(states, batch, taught, hidden.length / batch.length);
        if (!known) {
            System.arraycopy(hidden, 0, taught, 0, hidden.length);
        }
        double loss = pass.run(
                known ? null : teacher,
                teacherHead,
                taught,
                student,
                studentHead,
                hidden,
                settings.sequences(),
                length);
        double squares = 0;
        for (Map<String, LatentLayer> block : layers) {
            for (LatentLayer layer : block.values()) {
                squares += layer.gradientSquares();
            }
        }
        for (PlainParameters norm : norms) {
            squares += norm.gradientSquares(context);
        }
        double norm = Math.sqrt(squares);
        if (!Double.isFinite(norm) || !Double.isFinite(loss)) {
            throw new ArithmeticException("step " + (step + 1) + " of the tuning has a loss of " + loss
                    + " and a gradient of length " + norm + "; smaller step sizes, or no tuning, avoid it");
        }
        float scale = (float) (norm > LONGEST_GRADIENT ? LONGEST_GRADIENT / norm : 1);
        for (Map<String, LatentLayer> block : layers) {
            block.values().forEach(layer -> layer.update(settings, scale, step, context));
        }
        double plainStep = settings.share(step) * settings.plainStep();
        norms.forEach(plain -> plain.update(plainStep, scale, step, context));
        step++;
        return loss;
    }

    private boolean known(TeacherStates states, int[] batch, float[] target, int size) {
        boolean[] there = new boolean[batch.length];
        context.parallelFor(batch.length, (i, _) -> there[i] = states.read(batch[i], target, i * size));
        for (boolean one : there) {
            if (!one) {
                return false;
            }
        }
        return true;
    }

    /** Numbers of the step's sequences: all texts in an order of their own, then all in another one. */
    private int[] batch(int texts) {
        int[] batch = new int[settings.sequences()];
        int[] order = {};
        int known = -1;
        for (int i = 0; i < batch.length; i++) {
            int number = step * batch.length + i;
            int round = number / texts;
            if (round != known) {
                order = order(texts, round);
                known = round;
            }
            batch[i] = order[number % texts];
        }
        return batch;
    }

    private int[] order(int count, int round) {
        int[] order = new int[count];
        SplittableRandom random = new SplittableRandom(settings.seed() * 31 + round);
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private float[] embed(int[][] texts, int[] batch, int length) {
        int[] ids = new int[batch.length * length];
        List<TokenBatch.Segment> segments = new ArrayList<>();
        for (int i = 0; i < batch.length; i++) {
            KvCache cache = model.newCache(length);
            segments.add(new TokenBatch.Segment(cache, length));
            System.arraycopy(texts[batch[i]], 0, ids, i * length, length);
        }
        float[] hidden = new float[Math.multiplyExact(ids.length, model.config().hiddenSize())];
        model.embed(new TokenBatch(ids, segments), hidden);
        return hidden;
    }

    /** What the model has become so far. */
    public TunedModel result() {
        List<Map<String, PackedLinear>> blocks = new ArrayList<>();
        for (Map<String, LatentLayer> block : layers) {
            Map<String, PackedLinear> packed = new LinkedHashMap<>();
            block.forEach((name, layer) -> packed.put(name, layer.pack(context)));
            blocks.add(packed);
        }
        return new TunedModel(blocks, norms.stream().map(PlainParameters::tuned).toList());
    }

    /** Writes all that the next step needs, complete or not at all. */
    public void save(Path file) {
        TuningCheckpoint.write(file, step, state());
    }

    /**
     * Goes on from a file of {@link #save}, of the same model and settings.
     *
     * @throws io.shiftadd.format.FormatException if it is of another one
     */
    public void restore(Path file) {
        step = TuningCheckpoint.read(file, state());
    }

    private Map<String, Numbers> state() {
        Map<String, Numbers> state = new LinkedHashMap<>();
        for (Map<String, LatentLayer> block : layers) {
            block.forEach((name, layer) -> layer.state().forEach((part, array) -> state.put(name + "/" + part, array)));
        }
        for (PlainParameters norm : norms) {
            norm.state().forEach((part, array) -> state.put(norm.name() + "/" + part, array));
        }
        return state;
    }
}

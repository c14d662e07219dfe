package io.shiftadd.model;

import io.shiftadd.format.ChangedFile;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.format.TensorView;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.Workspace.Shared;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelNames;
import io.shiftadd.model.family.VisionSettings;
import io.shiftadd.model.layers.DenseLinear;
import io.shiftadd.model.layers.Elementwise;
import io.shiftadd.model.layers.Norm;
import io.shiftadd.model.layers.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A vision transformer that names an image's class: patches, blocks in which every token attends to all, final norm,
 * pooling, head. The blocks are those of language models; an image is a sequence that comes whole.
 *
 * <p>As {@link CausalLanguageModel}: it does not change while it runs, several kernel contexts may run it at once, and
 * a pass gives the same bits on any number of threads.
 */
public final class ImageClassifier implements Transformer {

    /** Tokens that go through the blocks at once: enough for efficient matrix products, little memory. */
    private static final int PASS_TOKENS = 2048;

    private final ModelConfig config;
    private final VisionSettings vision;
    private final Checkpoint checkpoint;
    private final String where;
    private final Weights weights;
    private final PatchEmbedding embedding;
    private final List<DecoderBlock> blocks;
    private final Norm norm;
    private final LinearLayer head;
    private final float @Nullable [] headBias;

    private ImageClassifier(ModelConfig config, Checkpoint checkpoint, String where) {
        this.config = config;
        this.checkpoint = checkpoint;
        this.where = where;
        this.vision = config.vision()
                .orElseThrow(() -> new FormatException(
                        "is a language model",
                        where,
                        "a model of images is asked for here",
                        "Use a model of images, or have it write text."));
        this.weights = new Weights(checkpoint, config, where, true);
        this.embedding = new PatchEmbedding(config, vision, weights);
        List<DecoderBlock> all = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            all.add(new DecoderBlock(config, weights, i, null));
        }
        this.blocks = List.copyOf(all);
        this.norm = weights.norm(weights.name(weights.names().finalNorm()));
        boolean packed = weights.hasLinear(ModelNames.HEAD);
        boolean two = vision.pooling() == VisionSettings.Pooling.BOTH_TOKENS;
        this.headBias = packed ? null : two ? meanBias() : classifierBias();
        this.head = packed
                ? weights.linear(ModelNames.HEAD, config.vocabularySize(), config.embeddingSize(), false)
                : two ? bothHeads() : classifier();
        weights.requireBlocksUsed();
    }

    private ImageClassifier(ImageClassifier other, List<DecoderBlock> blocks, LinearLayer head) {
        config = other.config;
        vision = other.vision;
        checkpoint = other.checkpoint;
        where = other.where;
        weights = other.weights;
        embedding = other.embedding;
        norm = other.norm;
        headBias = other.headBias;
        this.blocks = List.copyOf(blocks);
        this.head = head;
    }

    /**
     * Opens a Hugging Face model directory or a published artifact.
     *
     * @throws FormatException when the config or the weights are not what they should be
     * @throws java.io.UncheckedIOException when a file cannot be read
     */
    public static ImageClassifier open(Path location) {
        ModelConfig config = ModelConfig.read(location);
        Checkpoint checkpoint = Checkpoint.open(location);
        try {
            return ChangedFile.watch(
                    location.toString(), () -> new ImageClassifier(config, checkpoint, location.toString()));
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /** A model over an open checkpoint, which {@link #close()} closes. */
    public static ImageClassifier of(ModelConfig config, Checkpoint checkpoint) {
        return new ImageClassifier(config, checkpoint, "the checkpoint");
    }

    private LinearLayer classifier() {
        String name = weights.names().head();
        if (!weights.hasLinear(name)) {
            throw new FormatException(
                    "has no tensor '" + name + ".weight'",
                    where,
                    "a model that was trained to name classes has it",
                    "Use a checkpoint that was fine-tuned for classification, not the encoder alone.");
        }
        return weights.linear(name, config.vocabularySize(), config.hiddenSize(), true);
    }

    private float @Nullable [] classifierBias() {
        String name = weights.names().head();
        return weights.has(name + ".bias") ? weights.biasOf(name, config.vocabularySize(), true) : null;
    }

    /** The mean of two heads' logits is one layer over both tokens, with half of each head's weights. */
    private LinearLayer bothHeads() {
        int classes = config.vocabularySize();
        int width = config.hiddenSize();
        float[] both = new float[Math.multiplyExact(classes, 2 * width)];
        float[] first = weights.values(ModelNames.CLASS_HEAD + ".weight", classes, width);
        float[] second = weights.values(ModelNames.DISTILLATION_HEAD + ".weight", classes, width);
        for (int i = 0; i < classes * width; i++) {
            int at = i / width * 2 * width + i % width;
            both[at] = first[i] / 2;
            both[at + width] = second[i] / 2;
        }
        TensorView view = TensorView.ofFloats(ModelNames.CLASS_HEAD, new long[] {classes, 2L * width}, both);
        return new DenseLinear(MatrixRows.of(view), headBias);
    }

    private float[] meanBias() {
        int classes = config.vocabularySize();
        float[] mean = weights.values(ModelNames.CLASS_HEAD + ".bias", classes);
        float[] second = weights.values(ModelNames.DISTILLATION_HEAD + ".bias", classes);
        for (int i = 0; i < classes; i++) {
            mean[i] = (mean[i] + second[i]) / 2;
        }
        return mean;
    }

    @Override
    public ImageClassifier with(Map<String, ? extends LinearLayer> layers) {
        return new ImageClassifier(this, DecoderBlock.with(blocks, layers), head);
    }

    /**
     * The model with routers that lean.
     *
     * @param leans of each block: added to the logit of the second of two experts for the choice; 0 as trained
     */
    public ImageClassifier leaning(float[] leans) {
        List<DecoderBlock> others = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            others.add(blocks.get(i).leaning(leans[i]));
        }
        return new ImageClassifier(this, others, head);
    }

    @Override
    public ImageClassifier withHead(LinearLayer layer) {
        return new ImageClassifier(this, blocks, LinearSlot.sameShape(ModelNames.HEAD, head, layer));
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    public VisionSettings vision() {
        return vision;
    }

    @Override
    public Set<String> tensorNames() {
        return weights.used();
    }

    @Override
    public int blockCount() {
        return blocks.size();
    }

    @Override
    public DecoderBlock block(int i) {
        return blocks.get(i);
    }

    @Override
    public LinearLayer head() {
        return head;
    }

    @Override
    public float[] headWeights() {
        if (head instanceof DenseLinear dense) {
            return dense.toFloatArray();
        }
        throw new IllegalStateException("the head is packed; its float weights are in the original model");
    }

    @Override
    public float @Nullable [] headBias() {
        return headBias == null ? null : headBias.clone();
    }

    /** Keys and values are those of one block, whose room the next one uses again. */
    @Override
    public KvCache newCache(int capacity) {
        if (capacity > config.contextLength()) {
            throw new IllegalArgumentException(
                    "an image has " + config.contextLength() + " tokens, a sequence cannot have " + capacity);
        }
        return new KvCache(1, config.kvHeads(), config.headDim(), capacity, KvCache.Precision.FLOAT32);
    }

    /** Images that go through the blocks at once. */
    public int imagesPerPass() {
        return Math.max(1, PASS_TOKENS / config.contextLength());
    }

    /**
     * The hidden state before the first block.
     *
     * @param pixels {@code [images, channels, height, width]} from the {@code first}-th image on, as {@code
     *     ImagePreprocessor} makes them
     * @param hidden {@code [images, tokens, hiddenSize]}, overwritten
     */
    public void embed(float[] pixels, int first, int images, float[] hidden, KernelContext context) {
        embedding.apply(pixels, first, images, hidden, context);
    }

    /**
     * The logits of images' classes.
     *
     * @param pixels {@code [images, channels, height, width]}
     * @param logits {@code [images, classes]}, overwritten
     * @throws FormatException when a file of the weights got shorter since it was opened
     */
    public void logits(float[] pixels, int images, float[] logits, KernelContext context) {
        logits(pixels, images, logits, context, null);
    }

    /** The same under the eyes of an observer, which sees a part of the images at a time. */
    public void logits(
            float[] pixels, int images, float[] logits, KernelContext context, @Nullable LinearInputObserver observer) {
        if (pixels.length < (long) images * vision.pixelValues()
                || logits.length < (long) images * config.vocabularySize()) {
            throw new IllegalArgumentException(images + " images take " + (long) images * vision.pixelValues()
                    + " values and " + (long) images * config.vocabularySize() + " logits, not " + pixels.length
                    + " and " + logits.length);
        }
        try {
            for (int from = 0; from < images; from += imagesPerPass()) {
                pass(pixels, from, Math.min(imagesPerPass(), images - from), logits, context, observer);
            }
        } catch (InternalError e) {
            throw ChangedFile.failure(where, e);
        }
    }

    private void pass(
            float[] pixels,
            int from,
            int images,
            float[] logits,
            KernelContext context,
            @Nullable LinearInputObserver observer) {
        int tokens = images * config.contextLength();
        Workspace workspace = Workspace.of(context);
        float[] hidden = workspace.shared(Shared.HIDDEN, tokens, config.hiddenSize());
        embed(pixels, from, images, hidden, context);
        TokenBatch batch = sequences(images);
        for (DecoderBlock block : blocks) {
            block.forward(hidden, batch, context, observer);
        }
        float[] pooled = workspace.shared(Shared.NARROW, images, config.embeddingSize());
        headInputs(hidden, tokens, pooled, context);
        float[] ofPass = workspace.shared(Shared.ROUTER_OUTPUT, images, config.vocabularySize());
        head.forward(pooled, ofPass, images, context);
        System.arraycopy(
                ofPass, 0, logits, from * config.vocabularySize(), Math.multiplyExact(images, config.vocabularySize()));
    }

    /** Whole images; blocks see no ids. */
    private TokenBatch sequences(int images) {
        List<TokenBatch.Segment> segments = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            segments.add(new TokenBatch.Segment(newCache(config.contextLength()), config.contextLength()));
        }
        return new TokenBatch(new int[images * config.contextLength()], Collections.unmodifiableList(segments));
    }

    @Override
    public int headInputs(float[] hidden, int tokens, float[] target, KernelContext context) {
        int images = tokens / config.contextLength();
        int width = config.hiddenSize();
        float[] normed = Workspace.of(context).shared(Shared.FINAL, tokens, width);
        Workspace.of(context).norm.run(norm, hidden, normed, tokens, context);
        for (int image = 0; image < images; image++) {
            int from = image * config.contextLength() * width;
            if (vision.pooling() == VisionSettings.Pooling.PATCHES) {
                mean(normed, from + vision.leadingTokens() * width, target, image * width);
            } else {
                // One token, or both tokens ahead, which lie one after the other.
                System.arraycopy(normed, from, target, image * config.embeddingSize(), config.embeddingSize());
            }
        }
        return images;
    }

    private void mean(float[] x, int from, float[] target, int to) {
        int width = config.hiddenSize();
        System.arraycopy(x, from, target, to, width);
        for (int patch = 1; patch < vision.patches(); patch++) {
            Elementwise.add(x, from + patch * width, target, to, width);
        }
        Elementwise.scale(1f / vision.patches(), target, to, to + width);
    }

    @Override
    public void close() {
        checkpoint.close();
    }
}

package io.shiftadd.model;

import io.shiftadd.format.ChangedFile;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.MatrixRows;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.Workspace.Shared;
import io.shiftadd.model.attention.Rope;
import io.shiftadd.model.cache.BatchLayout;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.family.Modality;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.ModelNames;
import io.shiftadd.model.family.Positions;
import io.shiftadd.model.family.Positions.Rotation;
import io.shiftadd.model.layers.DenseLinear;
import io.shiftadd.model.layers.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model of any supported family: embedding, decoder blocks, final norm and head. Linear layers are float or packed,
 * as the checkpoint has them; weights stay in the mapped files.
 *
 * <p>The model does not change while it runs: with other layers it is another model ({@link #with}, {@link #withHead}),
 * so several kernel contexts may run it at once, each with caches of its own. A forward pass gives the same bits on any
 * number of threads.
 */
public final class CausalLanguageModel implements Transformer {

    private final ModelConfig config;
    private final Checkpoint checkpoint;
    private final Embedding embedding;
    private final List<DecoderBlock> blocks;
    private final BlockAnatomy.@Nullable NamedNorm finalNorm;
    private final @Nullable LinearLayer projectOut;
    private final String where;
    private final Weights weights;
    private final LinearLayer head;

    private CausalLanguageModel(ModelConfig config, Checkpoint checkpoint, String where, boolean packs) {
        if (config.modality() != Modality.TEXT) {
            throw new FormatException(
                    "is a model of images",
                    where,
                    "a language model is asked for here",
                    "Use a language model, or classify images with it.");
        }
        this.config = config;
        this.checkpoint = checkpoint;
        this.where = where;
        this.weights = new Weights(checkpoint, config, where, packs);
        ModelNames names = weights.names();
        MatrixRows tokens = embeddingMatrix(weights, names);
        this.embedding = new Embedding(config, weights, tokens);
        Map<Rotation, Rope> ropes = new HashMap<>();
        List<DecoderBlock> all = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            all.add(new DecoderBlock(config, weights, i, rope(config, i, ropes)));
        }
        this.blocks = List.copyOf(all);
        this.finalNorm = config.block().finalNorm()
                ? new BlockAnatomy.NamedNorm(
                        weights.name(names.finalNorm()), weights.norm(weights.name(names.finalNorm())))
                : null;
        this.projectOut = names.projectOut() != null && config.embeddingSize() != config.hiddenSize()
                ? weights.linear(weights.name(names.projectOut()), config.embeddingSize(), config.hiddenSize(), false)
                : null;
        this.head = head(weights, names.head(), tokens);
        weights.requireBlocksUsed();
    }

    private CausalLanguageModel(CausalLanguageModel other, List<DecoderBlock> blocks, LinearLayer head) {
        config = other.config;
        checkpoint = other.checkpoint;
        embedding = other.embedding;
        finalNorm = other.finalNorm;
        projectOut = other.projectOut;
        where = other.where;
        weights = other.weights;
        this.blocks = List.copyOf(blocks);
        this.head = head;
    }

    /**
     * This model with other linear layers in the place of some of its blocks' own. Both share the files of the weights,
     * which are closed with either.
     *
     * @param layers by their names
     * @throws IllegalArgumentException if no block has a layer of a name, or one of another shape
     */
    @Override
    public CausalLanguageModel with(Map<String, ? extends LinearLayer> layers) {
        return new CausalLanguageModel(this, DecoderBlock.with(blocks, layers), head);
    }

    /** This model with another head, such as a packed one; files are shared as by {@link #with}. */
    @Override
    public CausalLanguageModel withHead(LinearLayer layer) {
        return new CausalLanguageModel(this, blocks, LinearSlot.sameShape(ModelNames.HEAD, head, layer));
    }

    /** The rotation of a block; blocks with the same share their table of angles. */
    private static @Nullable Rope rope(ModelConfig config, int block, Map<Rotation, Rope> known) {
        if (!(config.positions() instanceof Positions.Rotary rotary)) {
            return null;
        }
        return rotary.blocks()
                .get(block)
                .map(rotation ->
                        known.computeIfAbsent(rotation, r -> new Rope(r, rotary.dimensions(), config.contextLength())))
                .orElse(null);
    }

    /**
     * Opens a Hugging Face model directory, a published artifact or a GGUF file.
     *
     * @param location a directory, or a {@code .gguf} file
     * @throws FormatException when the config or the weights are not what they should be: says what, where, the limit
     *     and the remedy
     * @throws java.io.UncheckedIOException when a file cannot be read
     */
    public static CausalLanguageModel open(Path location) {
        return open(location, true);
    }

    /**
     * As {@link #open(Path)}, with the same errors, for who wants to know whether that succeeds and will not compute:
     * weights are not read, those of −1, 0 and 1 not packed.
     */
    public static CausalLanguageModel inspect(Path location) {
        return open(location, false);
    }

    private static CausalLanguageModel open(Path location, boolean packs) {
        ModelConfig config = ModelConfig.read(location);
        Checkpoint checkpoint = Checkpoint.open(location);
        try {
            return ChangedFile.watch(
                    location.toString(), () -> new CausalLanguageModel(config, checkpoint, location.toString(), packs));
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /** A model over an open checkpoint, which {@link #close()} closes. */
    public static CausalLanguageModel of(ModelConfig config, Checkpoint checkpoint) {
        return new CausalLanguageModel(config, checkpoint, "the checkpoint", true);
    }

    /** The head's matrix serves where the embedding is missing, because both are one in a tied model. */
    private MatrixRows embeddingMatrix(Weights weights, ModelNames names) {
        String name = weights.name(names.embedding() + ".weight");
        String tied = names.head() + ".weight";
        boolean missing = config.tiedEmbeddings() && !weights.has(name) && weights.has(tied);
        return weights.matrix(
                missing ? tied : name, config.vocabularySize(), config.embeddingSize(), "vocab_size, embedding size");
    }

    /** A packed head has the same name in all families. */
    private LinearLayer head(Weights weights, String original, MatrixRows tokens) {
        for (String name : List.of(ModelNames.HEAD, original)) {
            if (weights.hasLinear(name)) {
                return weights.linear(name, config.vocabularySize(), config.embeddingSize(), false);
            }
        }
        if (!config.tiedEmbeddings()) {
            throw new FormatException(
                    "has no tensor '" + original + ".weight'",
                    weights.where(),
                    "it may be absent only where config.json has tie_word_embeddings = true",
                    "Correct tie_word_embeddings, or use weights that have the head.");
        }
        return new DenseLinear(tokens, null);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    /** Names of the checkpoint's tensors that the model is made of. */
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

    /** The norm before the head, or null. */
    public BlockAnatomy.@Nullable NamedNorm finalNorm() {
        return finalNorm;
    }

    /**
     * The layer from the normed hidden state to an embedding that is narrower, {@code [embeddingSize, hiddenSize]}, or
     * null.
     */
    public float @Nullable [] outputProjection() {
        return projectOut instanceof DenseLinear dense ? dense.toFloatArray() : null;
    }

    /** The layer from the final hidden state to the logits. */
    @Override
    public LinearLayer head() {
        return head;
    }

    /**
     * The head's matrix, {@code [vocabularySize, embeddingSize]} row-major.
     *
     * @throws IllegalStateException if the head is packed
     */
    @Override
    public float[] headWeights() {
        if (head instanceof DenseLinear dense) {
            return dense.toFloatArray();
        }
        throw new IllegalStateException("the head is packed; its float weights are in the original model");
    }

    /**
     * What the head sees: the final norm, and the projection where the embedding is narrower than the hidden state.
     *
     * @param hidden {@code [tokens, hiddenSize]}, as {@link #forward} leaves it; not changed
     * @param target {@code [tokens, embeddingSize]}, overwritten
     */
    @Override
    public int headInputs(float[] hidden, int tokens, float[] target, KernelContext context) {
        if (projectOut == null) {
            normalize(hidden, tokens, target, context);
        } else {
            float[] state = Workspace.of(context).shared(Shared.FINAL, tokens, config.hiddenSize());
            normalize(hidden, tokens, state, context);
            projectOut.forward(state, target, tokens, context);
        }
        return tokens;
    }

    /** An empty cache in float for one sequence of up to {@code capacity} tokens. */
    @Override
    public KvCache newCache(int capacity) {
        return newCache(capacity, KvCache.Precision.FLOAT32);
    }

    /**
     * An empty cache for one sequence of up to {@code capacity} tokens; its memory is taken as the sequence grows.
     *
     * @throws IllegalArgumentException if the model has learned positions, and fewer than {@code capacity}
     */
    public KvCache newCache(int capacity, KvCache.Precision precision) {
        if (config.positions() instanceof Positions.Learned && capacity > config.contextLength()) {
            throw new IllegalArgumentException("the model has learned " + config.contextLength()
                    + " positions, a sequence cannot have " + capacity);
        }
        return new KvCache(config.layers(), config.kvHeads(), config.headDim(), capacity, precision);
    }

    /**
     * The hidden state before the first block.
     *
     * @param hidden {@code [tokens, hiddenSize]}, overwritten
     */
    public void embed(TokenBatch batch, float[] hidden) {
        BatchLayout layout = new BatchLayout();
        layout.set(batch);
        embedding.apply(batch.ids(), layout, hidden, new float[config.hiddenSize()]);
    }

    /**
     * Runs the embedding and all blocks, and advances the batch's caches.
     *
     * @param hidden {@code [tokens, hiddenSize]}, overwritten with the last hidden state before the final norm
     * @throws FormatException when a file of the weights got shorter since it was opened
     */
    public void forward(TokenBatch batch, float[] hidden, KernelContext context) {
        try {
            run(batch, hidden, context);
        } catch (InternalError e) {
            throw ChangedFile.failure(where, e);
        }
    }

    private void run(TokenBatch batch, float[] hidden, KernelContext context) {
        Workspace workspace = Workspace.of(context);
        workspace.layout.set(batch);
        float[] row = workspace.shared(Shared.ROW, 1, config.hiddenSize());
        embedding.apply(batch.ids(), workspace.layout, hidden, row);
        // By index: an iterator would be the only garbage of a step.
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i).forward(hidden, batch, context, null);
        }
        for (int i = 0; i < batch.segments().size(); i++) {
            TokenBatch.Segment segment = batch.segments().get(i);
            segment.cache().advance(segment.count());
        }
    }

    /**
     * The final norm: what embeddings are taken from, and what the head sees.
     *
     * @param hidden {@code [tokens, hiddenSize]}, as {@link #forward} leaves it
     * @param target {@code [tokens, hiddenSize]}, overwritten; may be {@code hidden}
     */
    public void normalize(float[] hidden, int tokens, float[] target, KernelContext context) {
        if (finalNorm == null) {
            System.arraycopy(hidden, 0, target, 0, tokens * config.hiddenSize());
        } else {
            Workspace.of(context).norm.run(finalNorm.norm(), hidden, target, tokens, context);
        }
    }

    /**
     * Final norm and head.
     *
     * @param hidden {@code [tokens, hiddenSize]}, as {@link #forward} leaves it; not changed
     * @param logits {@code [tokens, vocabularySize]}, overwritten
     * @throws FormatException when a file of the weights got shorter since it was opened
     */
    public void logits(float[] hidden, int tokens, float[] logits, KernelContext context) {
        try {
            computeLogits(hidden, tokens, logits, context);
        } catch (InternalError e) {
            throw ChangedFile.failure(where, e);
        }
    }

    private void computeLogits(float[] hidden, int tokens, float[] logits, KernelContext context) {
        Workspace workspace = Workspace.of(context);
        float[] state = workspace.shared(Shared.FINAL, tokens, config.hiddenSize());
        normalize(hidden, tokens, state, context);
        if (projectOut != null) {
            float[] narrow = workspace.shared(Shared.NARROW, tokens, config.embeddingSize());
            projectOut.forward(state, narrow, tokens, context);
            state = narrow;
        }
        head.forward(state, logits, tokens, context);
        if (config.logitScale() != 1) {
            workspace.elementwise.scale(config.logitScale(), logits, tokens, config.vocabularySize(), context);
        }
        if (config.logitSoftCap() > 0) {
            workspace.elementwise.softCap(config.logitSoftCap(), logits, tokens, config.vocabularySize(), context);
        }
    }

    @Override
    public void close() {
        checkpoint.close();
    }
}

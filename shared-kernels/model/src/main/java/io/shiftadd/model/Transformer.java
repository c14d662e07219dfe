package io.shiftadd.model;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.family.Modality;
import io.shiftadd.model.family.ModelConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stack of blocks between an embedding and a head: what is reparameterized, whatever goes in and comes out. The model
 * does not change while it runs; with other layers it is another model, which shares the files of the weights.
 */
public sealed interface Transformer extends AutoCloseable permits CausalLanguageModel, ImageClassifier {

    /**
     * Opens a model of text or of images, whichever its config.json describes.
     *
     * @throws io.shiftadd.format.FormatException when the config or the weights are not what they should be
     */
    static Transformer open(Path location) {
        return ModelConfig.read(location).modality() == Modality.IMAGE
                ? ImageClassifier.open(location)
                : CausalLanguageModel.open(location);
    }

    /** The same for who will not compute, see {@link CausalLanguageModel#inspect}. */
    static Transformer inspect(Path location) {
        return ModelConfig.read(location).modality() == Modality.IMAGE
                ? ImageClassifier.open(location)
                : CausalLanguageModel.inspect(location);
    }

    ModelConfig config();

    /** Names of the checkpoint's tensors that the model is made of. */
    Set<String> tensorNames();

    int blockCount();

    DecoderBlock block(int i);

    /** The layer to the logits. */
    LinearLayer head();

    /**
     * The head's matrix, {@code [vocabularySize, embeddingSize]} row-major.
     *
     * @throws IllegalStateException if the head is packed
     */
    float[] headWeights();

    /** The head's bias, or null. */
    default float @Nullable [] headBias() {
        return null;
    }

    /**
     * What the head sees of whole sequences.
     *
     * @param hidden {@code [tokens, hiddenSize]} behind the last block; not changed
     * @param target {@code [rows, embeddingSize]}, overwritten; has room for as many rows as tokens
     * @return rows: of a language model one for each token, of an image model one for each image
     */
    int headInputs(float[] hidden, int tokens, float[] target, KernelContext context);

    /** An empty cache for the keys and values of one sequence of up to {@code capacity} tokens. */
    KvCache newCache(int capacity);

    Transformer with(Map<String, ? extends LinearLayer> layers);

    Transformer withHead(LinearLayer layer);

    @Override
    void close();
}

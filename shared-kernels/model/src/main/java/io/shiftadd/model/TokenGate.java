package io.shiftadd.model;

import io.shiftadd.model.family.ModelConfig;
import java.util.function.IntFunction;

/**
 * The one gate between texts and a model: all ids pass it on their way into a forward pass, wherever they come from. A
 * tokenizer may know tokens, added or special ones for the most part, that have no row in the model's embedding.
 *
 * @param rows of the embedding: ids from 0 to {@code rows - 1} may pass
 * @param names of the tokenizer's tokens, asked for ids that may not; an empty text = it has none
 */
public record TokenGate(int rows, IntFunction<String> names) {

    /** The gate of a model whose tokenizer spells its tokens so. */
    public static TokenGate of(ModelConfig config, IntFunction<String> names) {
        return new TokenGate(config.vocabularySize(), names);
    }

    /**
     * Lets ids pass.
     *
     * @return the same array
     * @throws IdWithoutRowException for the first that has no row
     */
    public int[] pass(int[] ids) {
        for (int i = 0; i < ids.length; i++) {
            if (!knows(ids[i])) {
                throw new IdWithoutRowException(ids[i], i, names.apply(ids[i]), rows);
            }
        }
        return ids;
    }

    public boolean knows(int id) {
        return id >= 0 && id < rows;
    }
}

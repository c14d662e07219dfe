package io.shiftadd.format.gguf;

import java.util.Map;
import java.util.function.Function;

/**
 * How GGUF files of an architecture come from Hugging Face's checkpoints. A module is a tensor's name without its block
 * and without {@code .weight} or {@code .bias}: {@code attn_q} of {@code blk.3.attn_q.weight}.
 *
 * @param name value of {@code general.architecture}
 * @param top GGUF's modules outside of blocks, with the originals' names
 * @param blockPrefix what stands before a block's number in the originals' names
 * @param block GGUF's modules of a block, with the originals' names relative to the block; a {@code #} in one stands
 *     for the number of an expert: GGUF has those of all experts in one tensor
 * @param changes what was done to a module's tensors on the way
 * @param config writes the parameters as the original's config.json does
 */
public record GgufArchitecture(
        String name,
        Map<String, String> top,
        String blockPrefix,
        Map<String, String> block,
        Map<String, Change> changes,
        Function<GgufParameters, Map<String, Object>> config) {

    /** What a conversion does to tensors, and reading them undoes. */
    public enum Change {
        /** Rows of each query head that were half a head apart became neighbours: rotary embeddings pair them so. */
        QUERY_PAIRS,
        /** The same for keys. */
        KEY_PAIRS,
        /** Queries, keys and values of each head became all queries, all keys, all values. */
        HEADS_APART,
        /** Rows became columns. */
        TRANSPOSED,
        /** 1 was added to all elements. */
        PLUS_ONE
    }

    public GgufArchitecture {
        top = Map.copyOf(top);
        block = Map.copyOf(block);
        changes = Map.copyOf(changes);
    }
}

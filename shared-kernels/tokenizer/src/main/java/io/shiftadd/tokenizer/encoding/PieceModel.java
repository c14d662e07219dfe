package io.shiftadd.tokenizer.encoding;

/** The {@code model} of a tokenizer.json: the tokens of a piece of text. */
public sealed interface PieceModel permits BytePairModel, UnigramModel {

    /**
     * Appends the ids of a piece that is not empty.
     *
     * @throws TokenizationException when it has characters that the model has no token for, nor one for unknown ones,
     *     or when it takes too long
     */
    void encode(String piece, Ids ids, Effort effort);

    /** Where ids go. */
    @FunctionalInterface
    interface Ids {
        void add(int id);
    }
}

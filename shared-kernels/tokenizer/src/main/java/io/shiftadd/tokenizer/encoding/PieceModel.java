package io.shiftadd.tokenizer.encoding;

/** The {@code model} of a tokenizer.json: the tokens of a piece of text. */
public sealed interface PieceModel permits BytePairModel, UnigramModel {

    /**
     * Appends the ids of a piece that is not empty.
     *
     * @throws io.shiftadd.format.FormatException when it has characters that the model has no token for, nor one for
     *     unknown ones
     */
    void encode(String piece, Ids ids);

    /** Where ids go. */
    @FunctionalInterface
    interface Ids {
        void add(int id);
    }
}

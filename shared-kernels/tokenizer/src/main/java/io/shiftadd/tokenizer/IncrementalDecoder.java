package io.shiftadd.tokenizer;

/**
 * Turns ids into text one at a time. A piece is held back until no later id can change it, so that no character is ever
 * split, and is given as soon as it is certain: a character of several bytes with its last byte. The pieces together
 * are what {@link Tokenizer#decode} makes of all ids, but for bytes that are no UTF-8 among tokens for single bytes:
 * these become one U+FFFD for each beginning of a character and leave the characters around them alone. Not
 * thread-safe.
 */
public interface IncrementalDecoder {

    /**
     * The text that is certain now; often empty.
     *
     * @throws IllegalArgumentException when the id is outside the vocabulary
     */
    String push(int id);

    /**
     * UTF-16 units at the beginning of the last piece that stand for ids before the last one alone: a character that it
     * did not go on with.
     */
    int settled();

    /**
     * Begins a new part, such as the answer after its prompt. What is held back here is given only if an id of the new
     * part goes on with it; otherwise it belongs to the part before.
     */
    void cut();

    /** What was held back. Nothing can be pushed afterwards. */
    String finish();

    /** Another decoder that goes on from the same state. */
    IncrementalDecoder copy();
}

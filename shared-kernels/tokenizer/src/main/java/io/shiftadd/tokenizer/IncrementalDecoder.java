package io.shiftadd.tokenizer;

/**
 * Turns ids into text one at a time; the pieces together are what {@link Tokenizer#decode} makes of all ids. A piece is
 * held back until no later id can change it, so that no character is ever split. Not thread-safe.
 */
public interface IncrementalDecoder {

    /**
     * The text that is certain now; often empty.
     *
     * @throws IllegalArgumentException when the id is outside the vocabulary
     */
    String push(int id);

    /** What was held back. Nothing can be pushed afterwards. */
    String finish();
}

package io.shiftadd.tokenizer;

/**
 * A token outside the tokenizer's model, found in the text before it is split.
 *
 * @param special whether decoding can leave it out
 */
record AddedToken(int id, String content, boolean special) {}

package io.shiftadd.inference.generation;

import io.shiftadd.tokenizer.IncrementalDecoder;
import io.shiftadd.tokenizer.Tokenizer;

/**
 * Decoders that know what stands before: many tokenizers drop the blank before a text's first word, which must not happen
 * in mid-text.
 */
final class PromptTail {

    /** Enough for the longest character written in byte tokens, and a word before it. */
    private static final int TOKENS = 8;

    private PromptTail() {}

    static IncrementalDecoder decoderAfter(int[] prompt, Tokenizer tokenizer) {
        IncrementalDecoder decoder = tokenizer.incrementalDecoder();
        for (int i = Math.max(0, prompt.length - TOKENS); i < prompt.length; i++) {
            if (prompt[i] < tokenizer.vocabularySize()) {
                decoder.push(prompt[i]);
            }
        }
        return decoder;
    }
}

package io.shiftadd.tokenizer;

import java.util.function.Consumer;

/**
 * One step from tokens to text, as the Hugging Face tokenizers library defines them. Takes pieces in order and hands on
 * pieces as soon as they are certain. Has state: one instance decodes one text.
 */
interface DecoderStage {

    void accept(String piece, Consumer<String> next);

    /** Hands on what was held back. */
    default void finish(Consumer<String> next) {}
}

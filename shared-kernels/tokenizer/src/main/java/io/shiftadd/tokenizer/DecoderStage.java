package io.shiftadd.tokenizer;

/**
 * One step from tokens to text, as the Hugging Face tokenizers library defines them. Takes pieces in order and hands on
 * pieces as soon as they are certain. May have state: one instance decodes one text.
 */
interface DecoderStage {

    /** Where a stage hands its pieces on to. */
    interface Output {

        /** Text that the piece at hand stands for, or has completed. */
        void write(String text);

        /** Text of pieces before the one at hand alone; comes before any that the piece stands for. */
        void settle(String text);
    }

    void accept(String piece, Output out);

    /** Hands on what was held back. */
    default void finish(Output out) {}

    /** A stage that goes on from the same state. */
    DecoderStage copy();
}

package io.shiftadd.tokenizer;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Text to token ids and back, as the model was trained. Thread-safe. */
public interface Tokenizer extends AutoCloseable {

    /**
     * The tokenizer of a model directory: {@code tokenizer.json}, else {@code tokenizer.model} (SentencePiece), else
     * {@code vocab.json} with {@code merges.txt}, else the vocabulary of its only {@code .gguf}; or that of a {@code
     * .gguf} file. Special tokens are what {@code tokenizer_config.json}, {@code
     * generation_config.json} and {@code config.json} say.
     *
     * @throws io.shiftadd.format.FormatException when there is none, or it is malformed
     * @throws java.io.UncheckedIOException when a file cannot be read
     */
    static Tokenizer open(Path modelDirectory) {
        return TokenizerLocation.of(modelDirectory).open(modelDirectory);
    }

    /** One more than the largest id, added tokens included; a model's embedding may have more rows. */
    int vocabularySize();

    /**
     * Ids of a whole text. Special tokens written out in it become their ids, as in the reference.
     *
     * @param addSpecialTokens whether to add those that the tokenizer puts before and after a text, usually BOS
     * @throws io.shiftadd.tokenizer.encoding.TokenizationException when it takes more than is allowed for a text of
     *     this length, or the tokenizer has no token for it
     */
    int[] encode(String text, boolean addSpecialTokens);

    /**
     * Ids of a text that goes on: with what the tokenizer puts before a text, without what it puts after one, as an end
     * of text (EOS) there would come between a prompt and its continuation.
     *
     * @throws io.shiftadd.tokenizer.encoding.TokenizationException as for {@link #encode}
     */
    int[] encodePrompt(String text);

    /**
     * The text of ids. Bytes that are no UTF-8 become U+FFFD.
     *
     * @throws IllegalArgumentException when an id is outside the vocabulary
     */
    String decode(int[] ids, boolean skipSpecialTokens);

    /** Decodes one id after the other, leaving out special tokens. */
    default IncrementalDecoder incrementalDecoder() {
        return incrementalDecoder(true);
    }

    /** Decodes one id after the other. */
    IncrementalDecoder incrementalDecoder(boolean skipSpecialTokens);

    /**
     * The bytes that a token stands for in the middle of a text; added tokens stand for what is written.
     *
     * @throws IllegalArgumentException when the id is outside the vocabulary
     */
    byte[] tokenBytes(int id);

    /**
     * The token as the vocabulary spells it, e.g. {@code ▁the}; empty for an id that is not taken.
     *
     * @throws IllegalArgumentException when the id is outside the vocabulary
     */
    String token(int id);

    /** The id of a token as the vocabulary spells it. */
    OptionalInt id(String token);

    /** Whether decoding can leave this id out. */
    boolean isSpecial(int id);

    OptionalInt bosId();

    /** Ids that end a generated text; may be empty. */
    Set<Integer> eosIds();

    Optional<ChatTemplate> chatTemplate();

    @Override
    void close();
}

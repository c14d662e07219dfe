package io.shiftadd.tokenizer;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer as its file describes it.
 *
 * @param text the tokenizer.json
 * @param json what it says
 * @param bos what the file takes for BOS, for when no other file says it
 * @param eos likewise
 * @param around what is put around each text, when that is not in the tokenizer.json itself
 */
record TokenizerSource(
        byte[] text,
        TokenizerJson json,
        OptionalInt bos,
        OptionalInt eos,
        @Nullable Around around) {

    /** Whether encoding puts BOS before a text and EOS after it. */
    record Around(boolean bos, boolean eos) {}

    static TokenizerSource of(
            TokenizerBlueprint blueprint, String where, ModelSettings settings, @Nullable Around around) {
        byte[] json = blueprint.toJson();
        return new TokenizerSource(
                json, TokenizerJson.parse(json, where, settings), blueprint.bos(), blueprint.eos(), around);
    }

    static TokenizerSource of(byte[] json, String where, ModelSettings settings) {
        return new TokenizerSource(
                json, TokenizerJson.parse(json, where, settings), OptionalInt.empty(), OptionalInt.empty(), null);
    }
}

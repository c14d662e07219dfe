package io.shiftadd.tokenizer;

import java.util.OptionalInt;

/**
 * A tokenizer as its file describes it.
 *
 * @param text the tokenizer.json
 * @param json what it says
 * @param bos what the file takes for BOS, for when no other file says it
 * @param eos likewise
 */
record TokenizerSource(byte[] text, TokenizerJson json, OptionalInt bos, OptionalInt eos) {

    static TokenizerSource of(TokenizerBlueprint blueprint, String where, ModelSettings settings) {
        return read(blueprint.toJson(), where, settings, blueprint.bos(), blueprint.eos());
    }

    static TokenizerSource of(byte[] json, String where, ModelSettings settings) {
        return read(json, where, settings, OptionalInt.empty(), OptionalInt.empty());
    }

    private static TokenizerSource read(
            byte[] json, String where, ModelSettings settings, OptionalInt bos, OptionalInt eos) {
        TokenizerJson tokenizer = TokenizerJson.parse(json, where, settings.embeddingRows());
        byte[] complete = ExtraTokens.of(settings).addMissing(json, tokenizer);
        return new TokenizerSource(
                complete,
                complete == json ? tokenizer : TokenizerJson.parse(complete, where, settings.embeddingRows()),
                bos,
                eos);
    }
}

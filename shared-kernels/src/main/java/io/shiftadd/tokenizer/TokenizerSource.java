package io.shiftadd.tokenizer;

import java.util.OptionalInt;

/**
 * A tokenizer as its file describes it.
 *
 * @param bos what the file takes for BOS, for when no other file says it
 * @param eos likewise
 */
record TokenizerSource(TokenizerJson json, OptionalInt bos, OptionalInt eos) {

    static TokenizerSource of(TokenizerBlueprint blueprint, String where, ModelSettings settings) {
        return new TokenizerSource(read(blueprint.toJson(), where, settings), blueprint.bos(), blueprint.eos());
    }

    static TokenizerSource of(byte[] json, String where, ModelSettings settings) {
        return new TokenizerSource(read(json, where, settings), OptionalInt.empty(), OptionalInt.empty());
    }

    private static TokenizerJson read(byte[] json, String where, ModelSettings settings) {
        TokenizerJson tokenizer = TokenizerJson.parse(json, where, settings.embeddingRows());
        byte[] complete = ExtraTokens.of(settings).addMissing(json, tokenizer);
        return complete == json ? tokenizer : TokenizerJson.parse(complete, where, settings.embeddingRows());
    }
}

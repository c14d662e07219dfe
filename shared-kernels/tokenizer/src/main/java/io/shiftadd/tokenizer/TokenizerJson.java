package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.tokenizer.encoding.AddedToken;
import io.shiftadd.tokenizer.encoding.TextEncoder;
import java.util.List;
import java.util.Map;

/**
 * A validated tokenizer.json with what other files add to it.
 *
 * @param tokens token of each id as it is spelled; empty where the id is not taken
 * @param written what the decoder takes for each id
 */
record TokenizerJson(
        String where,
        String[] tokens,
        String[] written,
        Map<String, Integer> ids,
        List<AddedToken> addedTokens,
        TextEncoder encoder,
        DecoderPlan decoder) {

    /**
     * @param where names the source in errors
     * @param settings of the files beside it
     * @throws FormatException when it is unreadable, ids are out of range or duplicated, or a part is not supported
     */
    static TokenizerJson parse(byte[] json, String where, ModelSettings settings) {
        TokenizerJsonParser parser = new TokenizerJsonParser(json, where);
        parser.parse();
        AddedTokens added = new AddedTokens(parser.vocabulary(), where);
        parser.addedTokens().forEach(added::add);
        ExtraTokens.addTo(added, settings);
        Map<String, Integer> ids = added.ids();
        String[] tokens = byId(ids, Math.max(settings.embeddingRows(), ids.size()), where);
        TextEncoder encoder = TextEncoder.of(
                parser.parts(added.tokens(), id -> id >= 0 && id < tokens.length && !tokens[id].isEmpty()), where);
        DecoderPlan decoder = DecoderPlan.of(parser.section("decoder"), where);
        String[] written = tokens.clone();
        for (AddedToken token : added.tokens()) {
            if (!parser.vocabulary().containsKey(token.content())) {
                written[token.id()] = decoder.spelled(encoder.written(token));
            }
        }
        return new TokenizerJson(where, tokens, written, ids, added.tokens(), encoder, decoder);
    }

    private static String[] byId(Map<String, Integer> ids, int limit, String where) {
        int largest = -1;
        for (Map.Entry<String, Integer> entry : ids.entrySet()) {
            if (entry.getValue() >= limit) {
                throw wrongIds(
                        "gives '" + entry.getKey() + "' the id " + entry.getValue(), where, "ids are below " + limit);
            }
            largest = Math.max(largest, entry.getValue());
        }
        String[] tokens = new String[largest + 1];
        ids.forEach((token, id) -> {
            if (tokens[id] != null) {
                throw wrongIds("gives the id " + id + " to '" + tokens[id] + "' and '" + token + "'", where);
            }
            tokens[id] = token;
        });
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] == null) {
                tokens[i] = "";
            }
        }
        return tokens;
    }

    private static FormatException wrongIds(String what, String where) {
        return wrongIds(what, where, "each token has one id and each id one token");
    }

    private static FormatException wrongIds(String what, String where, String limit) {
        return new FormatException(what, where, limit, "Use the tokenizer files of the original model.");
    }
}

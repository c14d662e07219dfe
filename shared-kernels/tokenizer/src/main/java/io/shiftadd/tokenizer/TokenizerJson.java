package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.tokenizer.encoding.AddedToken;
import io.shiftadd.tokenizer.encoding.TextEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A validated tokenizer.json.
 *
 * @param tokens token of each id; empty where the id is not taken
 */
record TokenizerJson(
        String where,
        String[] tokens,
        Map<String, Integer> ids,
        List<AddedToken> addedTokens,
        TextEncoder encoder,
        DecoderPlan decoder) {

    /**
     * @param where names the source in errors
     * @param embeddingRows how many ids the model has, or 0 when that is not known
     * @throws FormatException when it is unreadable, ids are out of range or duplicated, or a part is not supported
     */
    static TokenizerJson parse(byte[] json, String where, int embeddingRows) {
        TokenizerJsonParser parser = new TokenizerJsonParser(json, where);
        parser.parse();
        Map<String, Integer> ids = new HashMap<>(parser.vocabulary());
        addAll(parser.addedTokens(), ids, where);
        String[] tokens = byId(ids, Math.max(embeddingRows, ids.size()), where);
        return new TokenizerJson(
                where,
                tokens,
                ids,
                List.copyOf(parser.addedTokens()),
                TextEncoder.of(parser.parts(id -> id >= 0 && id < tokens.length && !tokens[id].isEmpty()), where),
                DecoderPlan.of(parser.section("decoder"), where));
    }

    /** The reference numbers added tokens itself, after the vocabulary, whatever id is written there. */
    private static void addAll(List<AddedToken> addedTokens, Map<String, Integer> ids, String where) {
        int next = ids.size();
        for (AddedToken added : addedTokens) {
            Integer known = ids.putIfAbsent(added.content(), added.id());
            int expected = known == null ? next : known;
            if (added.id() != expected) {
                throw wrongIds(
                        "gives the added token '" + added.content() + "' the id " + added.id(),
                        where,
                        "its id is " + expected
                                + (known == null ? ", as it follows the others" : " in the vocabulary"));
            }
            next = Math.max(next, expected + 1);
        }
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

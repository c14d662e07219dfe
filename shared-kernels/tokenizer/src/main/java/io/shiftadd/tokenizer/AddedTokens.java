package io.shiftadd.tokenizer;

import io.shiftadd.format.FormatException;
import io.shiftadd.tokenizer.encoding.AddedToken;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens beside a vocabulary. The reference numbers them itself, after the vocabulary in the order in which they
 * are added, whatever id is written there; an id that would have to change is refused.
 */
final class AddedTokens {

    /** For a token that comes without an id. */
    static final int UNNUMBERED = -1;

    private final Map<String, Integer> ids;
    private final Map<String, AddedToken> byContent = new LinkedHashMap<>();
    private final String where;
    private int next;

    AddedTokens(Map<String, Integer> vocabulary, String where) {
        this.ids = new HashMap<>(vocabulary);
        this.next = vocabulary.size();
        this.where = where;
    }

    /** Ids of all tokens, those of the vocabulary included. */
    Map<String, Integer> ids() {
        return ids;
    }

    List<AddedToken> tokens() {
        return List.copyOf(byContent.values());
    }

    /**
     * One of the tokenizer's own file.
     *
     * @throws FormatException when its id is not the one that it gets
     */
    void add(AddedToken token) {
        Integer known = ids.get(token.content());
        int expected = known == null ? next : known;
        if (token.id() != UNNUMBERED && token.id() != expected) {
            throw new FormatException(
                    "gives the added token '" + token.content() + "' the id " + token.id(),
                    where,
                    "its id is " + expected + (known == null ? ", as it follows the others" : " in the vocabulary"),
                    "Use the tokenizer files of the original model.");
        }
        ids.put(token.content(), expected);
        byContent.put(token.content(), token.withId(expected));
        next = Math.max(next, expected + 1);
    }

    /** One of another file: one that is there stays as it is, but becomes special when it is so there. */
    void addMore(AddedToken token) {
        AddedToken known = byContent.get(token.content());
        if (known == null) {
            add(ids.containsKey(token.content()) ? token.withId(UNNUMBERED) : token);
        } else if (token.special() && !known.special()) {
            byContent.put(known.content(), known.asSpecial());
        }
    }

    boolean contains(String content) {
        return byContent.containsKey(content);
    }
}

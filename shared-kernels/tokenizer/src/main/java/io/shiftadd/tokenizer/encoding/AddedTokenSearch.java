package io.shiftadd.tokenizer.encoding;

import java.util.ArrayList;
import java.util.List;

/** Finds added tokens in a text: where several could begin the longest, from left to right. */
final class AddedTokenSearch {

    private final List<AddedToken> tokens;
    private final TextTrie trie = new TextTrie(64);

    private AddedTokenSearch(List<AddedToken> tokens) {
        this.tokens = tokens;
    }

    /** For those that are looked for in the text as given. */
    static AddedTokenSearch asGiven(List<AddedToken> all) {
        AddedTokenSearch search =
                new AddedTokenSearch(all.stream().filter(t -> !t.normalized()).toList());
        for (int i = 0; i < search.tokens.size(); i++) {
            search.add(search.tokens.get(i).content(), i);
        }
        return search;
    }

    /** For those that are looked for in normalized text, and are normalized themselves. */
    static AddedTokenSearch normalized(List<AddedToken> all, Normalizer normalizer) {
        AddedTokenSearch search =
                new AddedTokenSearch(all.stream().filter(AddedToken::normalized).toList());
        for (int i = 0; i < search.tokens.size(); i++) {
            Piece content = Piece.of(search.tokens.get(i).content(), true);
            search.add(normalizer.normalize(content).text(), i);
        }
        return search;
    }

    private void add(String content, int index) {
        if (!content.isEmpty()) {
            trie.put(content, index);
        }
    }

    /** The piece cut into tokens that were found and what is between. */
    List<Piece> split(Piece piece) {
        if (tokens.isEmpty() || piece.isToken()) {
            return List.of(piece);
        }
        String text = piece.text();
        List<Piece> pieces = new ArrayList<>();
        int done = 0;
        for (int at = 0; at < text.length(); ) {
            int end = longestEnd(text, at);
            if (end < 0) {
                at++;
                continue;
            }
            AddedToken token = tokens.get(number(text, at, end));
            if (!token.singleWord() || standsAlone(text, at, end)) {
                int begin = Math.max(done, token.takesLeft() ? UnicodeClass.spacesUntil(text, at) : at);
                if (done < begin) {
                    pieces.add(piece.part(done, begin));
                }
                pieces.add(new Piece(text.substring(begin, Math.max(begin, end)), false, token.id()));
                done = token.takesRight() ? UnicodeClass.spacesFrom(text, end) : end;
            }
            at = end;
        }
        if (done < text.length()) {
            pieces.add(piece.part(done, text.length()));
        }
        return pieces;
    }

    private int longestEnd(String text, int begin) {
        int longest = -1;
        int node = 0;
        for (int i = begin; i < text.length(); i++) {
            node = trie.next(node, text.charAt(i));
            if (node == TextTrie.ABSENT) {
                break;
            }
            if (trie.number(node) != TextTrie.ABSENT) {
                longest = i + 1;
            }
        }
        return longest;
    }

    private int number(String text, int begin, int end) {
        int node = 0;
        for (int i = begin; i < end; i++) {
            node = trie.next(node, text.charAt(i));
        }
        return trie.number(node);
    }

    private static boolean standsAlone(String text, int begin, int end) {
        return (begin == 0 || !UnicodeClass.isWord(text.codePointBefore(begin)))
                && (end == text.length() || !UnicodeClass.isWord(text.codePointAt(end)));
    }
}

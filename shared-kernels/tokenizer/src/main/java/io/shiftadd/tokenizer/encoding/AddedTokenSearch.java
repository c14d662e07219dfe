package io.shiftadd.tokenizer.encoding;

import java.util.ArrayList;
import java.util.List;

/** Finds added tokens in a text: where several could begin the longest, from left to right. */
final class AddedTokenSearch {

    private final List<AddedToken> tokens;
    private final LongestMatches contents;

    private AddedTokenSearch(List<AddedToken> tokens, List<String> contents) {
        this.tokens = tokens;
        this.contents = new LongestMatches(contents);
    }

    /** For those that are looked for in the text as given. */
    static AddedTokenSearch asGiven(List<AddedToken> all) {
        List<AddedToken> tokens = all.stream().filter(t -> !t.normalized()).toList();
        return new AddedTokenSearch(
                tokens, tokens.stream().map(AddedToken::content).toList());
    }

    /** For those that are looked for in normalized text, and are normalized themselves. */
    static AddedTokenSearch normalized(List<AddedToken> all, Normalizer normalizer) {
        List<AddedToken> tokens = all.stream().filter(AddedToken::normalized).toList();
        return new AddedTokenSearch(
                tokens,
                tokens.stream()
                        .map(token -> normalizer.normalize(token.content()))
                        .toList());
    }

    /** The piece cut into tokens that were found and what is between. */
    List<Piece> split(Piece piece) {
        if (tokens.isEmpty() || piece.isToken()) {
            return List.of(piece);
        }
        String text = piece.text();
        int[] found = contents.in(text);
        List<Piece> pieces = new ArrayList<>();
        int done = 0;
        for (int at = 0; at < text.length(); ) {
            if (found[at] == LongestMatches.NONE) {
                at++;
                continue;
            }
            AddedToken token = tokens.get(found[at]);
            int end = at + contents.length(found[at]);
            if (!token.singleWord() || standsAlone(text, at, end)) {
                int begin = Math.max(done, token.takesLeft() ? UnicodeClass.spacesUntil(text, at, done) : at);
                if (done < begin) {
                    pieces.add(piece.part(done, begin));
                }
                pieces.add(new Piece(text.substring(begin, Math.max(begin, end)), false, token.id()));
                done = token.takesRight() ? endOfSpaces(text, end, done) : end;
            }
            at = end;
        }
        if (done < text.length()) {
            pieces.add(piece.part(done, text.length()));
        }
        return pieces;
    }

    /** Spaces that a token before has swallowed are not walked through again. */
    private static int endOfSpaces(String text, int from, int done) {
        return from < done ? done : UnicodeClass.spacesFrom(text, from);
    }

    private static boolean standsAlone(String text, int begin, int end) {
        return (begin == 0 || !UnicodeClass.isWord(text.codePointBefore(begin)))
                && (end == text.length() || !UnicodeClass.isWord(text.codePointAt(end)));
    }
}

package io.shiftadd.tokenizer.encoding;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Turns text into ids. Immutable, for any number of threads. */
public final class TextEncoder {

    /**
     * The parts of a tokenizer.json; sections that it does not have are null.
     *
     * @param isToken whether an id is one of the vocabulary or of the added tokens
     */
    public record Parts(
            List<AddedToken> addedTokens,
            @Nullable JsonNode normalizer,
            @Nullable JsonNode preTokenizer,
            PieceModel model,
            @Nullable JsonNode postProcessor,
            IntPredicate isToken) {}

    private final Normalizer normalizer;
    private final PreTokenizer preTokenizer;
    private final PieceModel model;
    private final Template template;
    private final AddedTokenSearch asGiven;
    private final AddedTokenSearch normalized;

    private TextEncoder(Parts parts, String where) {
        normalizer = Normalizer.of(parts.normalizer(), where);
        preTokenizer = PreTokenizer.of(parts.preTokenizer(), where);
        model = parts.model();
        template = Template.of(parts.postProcessor(), where, parts.isToken());
        asGiven = AddedTokenSearch.asGiven(parts.addedTokens());
        normalized = AddedTokenSearch.normalized(parts.addedTokens(), normalizer);
    }

    /**
     * @param where names the file in errors
     * @throws io.shiftadd.format.FormatException when a part is malformed or not supported
     */
    public static TextEncoder of(Parts parts, String where) {
        return new TextEncoder(parts, where);
    }

    /**
     * The ids of a text alone; unpaired surrogates count as U+FFFD.
     *
     * @throws TokenizationException when it takes more than is allowed for a text of this length, or the tokenizer has
     *     no token for it
     */
    public int[] encode(String text) {
        Effort effort = new Effort(text.length());
        List<Piece> pieces = asGiven.split(Piece.of(wellFormed(text), true));
        pieces = each(pieces, piece -> normalized.split(normalizer.normalize(piece, effort)));
        IntList ids = new IntList();
        for (Piece piece : pieces) {
            if (piece.isToken()) {
                ids.add(piece.token());
            } else if (!piece.text().isEmpty()) {
                for (Piece part : preTokenizer.split(piece, effort)) {
                    if (!part.text().isEmpty()) {
                        model.encode(part.text(), ids::add, effort);
                    }
                }
            }
        }
        return ids.toArray();
    }

    /** Tokens that are put before a text. */
    public int[] prefix() {
        return template.prefix();
    }

    /** Tokens that are put after a text. */
    public int[] suffix() {
        return template.suffix();
    }

    /** What an added token is in the text: normalized ones are what their content becomes. */
    public String written(AddedToken token) {
        return token.normalized() ? normalizer.normalize(token.content()) : token.content();
    }

    private static List<Piece> each(List<Piece> pieces, Function<Piece, List<Piece>> split) {
        List<Piece> all = new ArrayList<>(pieces.size());
        pieces.forEach(piece -> all.addAll(piece.isToken() ? List.of(piece) : split.apply(piece)));
        return all;
    }

    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                int[] codePoints = text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                        .toArray();
                return new String(codePoints, 0, codePoints.length);
            }
        }
        return text;
    }
}

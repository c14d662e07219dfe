package io.shiftadd.tokenizer.encoding;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The {@code pre_tokenizer} of a tokenizer.json: the pieces that a text is cut into before its tokens are looked for. */
final class PreTokenizer {

    /** GPT-2's words. */
    private static final String BYTE_LEVEL_WORDS =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private final List<Function<Piece, List<Piece>>> steps = new ArrayList<>();

    private PreTokenizer() {}

    static PreTokenizer of(@Nullable JsonNode json, String where) {
        PreTokenizer preTokenizer = new PreTokenizer();
        if (json != null) {
            for (Component part : new Component(json, where + ", pre_tokenizer").parts("pretokenizers")) {
                preTokenizer.steps.add(step(part));
            }
        }
        return preTokenizer;
    }

    List<Piece> split(Piece piece) {
        List<Piece> pieces = List.of(piece);
        for (Function<Piece, List<Piece>> step : steps) {
            List<Piece> next = new ArrayList<>(pieces.size());
            pieces.forEach(p -> next.addAll(step.apply(p)));
            pieces = next;
        }
        return pieces;
    }

    private static Function<Piece, List<Piece>> step(Component part) {
        return switch (part.type()) {
            case "ByteLevel" -> byteLevel(part);
            case "Metaspace" -> metaspace(part);
            case "Split" -> {
                SplitPattern pattern = SplitPattern.of(part);
                SplitBehavior behavior = SplitBehavior.of(part, SplitBehavior.ISOLATED);
                boolean inverts = part.flag("invert", false);
                yield piece -> behavior.split(piece, pattern, inverts);
            }
            case "Digits" ->
                at(
                        SplitPattern.characters(UnicodeClass::isNumber),
                        part.flag("individual_digits", false) ? SplitBehavior.ISOLATED : SplitBehavior.CONTIGUOUS);
            case "Punctuation" ->
                at(
                        SplitPattern.characters(UnicodeClass::isPunctuation),
                        SplitBehavior.of(part, SplitBehavior.ISOLATED));
            case "WhitespaceSplit" -> at(SplitPattern.characters(UnicodeClass::isSpace), SplitBehavior.REMOVED);
            case "Whitespace" -> {
                SplitPattern words = OnigurumaPattern.compile("\\w+|[^\\w\\s]+", part.where());
                yield piece -> SplitBehavior.REMOVED.split(piece, words, true);
            }
            default ->
                throw part.unknown(
                        "ByteLevel, Metaspace, Split, Digits, Punctuation, Whitespace, WhitespaceSplit and Sequence");
        };
    }

    private static Function<Piece, List<Piece>> at(SplitPattern pattern, SplitBehavior behavior) {
        return piece -> behavior.split(piece, pattern, false);
    }

    private static Function<Piece, List<Piece>> byteLevel(Component part) {
        boolean addsSpace = part.flag("add_prefix_space", true);
        boolean splits = part.flag("use_regex", true);
        SplitPattern words = OnigurumaPattern.compile(BYTE_LEVEL_WORDS, part.where());
        return piece -> {
            String text = piece.text();
            Piece prefixed = addsSpace && !text.startsWith(" ") ? piece.withText(" " + text) : piece;
            List<Piece> pieces =
                    splits ? SplitBehavior.ISOLATED.split(prefixed, words, false) : new ArrayList<>(List.of(prefixed));
            pieces.replaceAll(p -> p.withText(ByteAlphabet.spell(p.text())));
            return pieces;
        };
    }

    private static Function<Piece, List<Piece>> metaspace(Component part) {
        String replacement = Character.toString(part.character("replacement"));
        String scheme = part.text("prepend_scheme", part.flag("add_prefix_space", true) ? "always" : "never");
        boolean prependsAll = scheme.equals("always");
        if (!prependsAll && !scheme.equals("first") && !scheme.equals("never")) {
            throw part.wrong("prepend_scheme", "always, first or never");
        }
        boolean splits = part.flag("split", true);
        SplitPattern spaces = SplitPattern.literal(replacement);
        return piece -> {
            String text = piece.text().replace(" ", replacement);
            boolean prepends = prependsAll || scheme.equals("first") && piece.atStart();
            Piece marked = piece.withText(prepends && !text.startsWith(replacement) ? replacement + text : text);
            return splits ? SplitBehavior.MERGED_WITH_NEXT.split(marked, spaces, false) : List.of(marked);
        };
    }
}

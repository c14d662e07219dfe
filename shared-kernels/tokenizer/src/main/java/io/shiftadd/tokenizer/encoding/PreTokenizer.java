package io.shiftadd.tokenizer.encoding;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The {@code pre_tokenizer} of a tokenizer.json: the pieces that a text is cut into before its tokens are looked for.
 */
final class PreTokenizer {

    /** GPT-2's words. */
    private static final String BYTE_LEVEL_WORDS =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    private interface Step {
        List<Piece> apply(Piece piece, Effort effort);
    }

    private final List<Step> steps = new ArrayList<>();
    private final String where;

    private PreTokenizer(String where) {
        this.where = where;
    }

    static PreTokenizer of(@Nullable JsonNode json, String where) {
        PreTokenizer preTokenizer = new PreTokenizer(where + ", pre_tokenizer");
        if (json != null) {
            for (Component part : new Component(json, preTokenizer.where).parts("pretokenizers")) {
                preTokenizer.steps.add(step(part));
            }
        }
        return preTokenizer;
    }

    /** @throws TokenizationException when it takes too long, or makes too much of the text */
    List<Piece> split(Piece piece, Effort effort) {
        List<Piece> pieces = List.of(piece);
        for (Step step : steps) {
            List<Piece> next = new ArrayList<>(pieces.size());
            long characters = 0;
            for (Piece whole : pieces) {
                for (Piece part : step.apply(whole, effort)) {
                    characters += part.text().length();
                    next.add(part);
                }
                effort.requireSize(characters, where);
            }
            effort.charge(characters, where);
            pieces = next;
        }
        return pieces;
    }

    private static Step step(Component part) {
        return switch (part.type()) {
            case "ByteLevel" -> byteLevel(part);
            case "Metaspace" -> metaspace(part);
            case "Split" -> {
                SplitPattern pattern = SplitPattern.of(part);
                SplitBehavior behavior = SplitBehavior.of(part, SplitBehavior.ISOLATED);
                boolean inverts = part.flag("invert", false);
                yield (piece, effort) -> behavior.split(piece, pattern, inverts, effort);
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
                yield (piece, effort) -> SplitBehavior.REMOVED.split(piece, words, true, effort);
            }
            default ->
                throw part.unknown(
                        "ByteLevel, Metaspace, Split, Digits, Punctuation, Whitespace, WhitespaceSplit and Sequence");
        };
    }

    private static Step at(SplitPattern pattern, SplitBehavior behavior) {
        return (piece, effort) -> behavior.split(piece, pattern, false, effort);
    }

    private static Step byteLevel(Component part) {
        boolean addsSpace = part.flag("add_prefix_space", true);
        boolean splits = part.flag("use_regex", true);
        SplitPattern words = OnigurumaPattern.compile(BYTE_LEVEL_WORDS, part.where());
        return (piece, effort) -> {
            String text = piece.text();
            Piece prefixed = addsSpace && !text.startsWith(" ") ? piece.withText(" " + text) : piece;
            List<Piece> pieces = splits
                    ? SplitBehavior.ISOLATED.split(prefixed, words, false, effort)
                    : new ArrayList<>(List.of(prefixed));
            pieces.replaceAll(p -> p.withText(ByteAlphabet.spell(p.text())));
            return pieces;
        };
    }

    private static Step metaspace(Component part) {
        String replacement = Character.toString(part.character("replacement"));
        String scheme = part.text("prepend_scheme", part.flag("add_prefix_space", true) ? "always" : "never");
        boolean prependsAll = scheme.equals("always");
        if (!prependsAll && !scheme.equals("first") && !scheme.equals("never")) {
            throw part.wrong("prepend_scheme", "always, first or never");
        }
        boolean splits = part.flag("split", true);
        SplitPattern spaces = SplitPattern.literal(replacement);
        return (piece, effort) -> {
            String text = piece.text().replace(" ", replacement);
            boolean prepends = prependsAll || scheme.equals("first") && piece.atStart();
            Piece marked = piece.withText(prepends && !text.startsWith(replacement) ? replacement + text : text);
            return splits ? SplitBehavior.MERGED_WITH_NEXT.split(marked, spaces, false, effort) : List.of(marked);
        };
    }
}

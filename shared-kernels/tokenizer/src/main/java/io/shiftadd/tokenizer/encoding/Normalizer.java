package io.shiftadd.tokenizer.encoding;

import io.shiftadd.format.FormatException;
import io.shiftadd.tokenizer.encoding.SplitPattern.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The {@code normalizer} of a tokenizer.json: what a text becomes before it is split. */
final class Normalizer {

    /** Compatibility decompositions of Unicode make up to 18 characters of one, and a space one of three bytes. */
    private static final int MAX_GROWTH = 64;

    private static final int MAX_GROWTH_OF_SHORT = 4_096;

    private interface Step {
        Piece apply(Piece piece);

        /** A step that only changes characters, so that the text still begins where it began. */
        static Step of(UnaryOperator<String> change) {
            return piece -> piece.withText(change.apply(piece.text()));
        }
    }

    private final List<Step> steps = new ArrayList<>();
    private final String where;

    private Normalizer(String where) {
        this.where = where;
    }

    static Normalizer of(@Nullable JsonNode json, String where) {
        Normalizer normalizer = new Normalizer(where + ", normalizer");
        if (json != null) {
            for (Component part : new Component(json, normalizer.where).parts("normalizers")) {
                normalizer.steps.add(step(part));
            }
        }
        return normalizer;
    }

    /** @throws FormatException when the steps make too much of the text */
    Piece normalize(Piece piece) {
        Piece normalized = piece;
        long limit = (long) MAX_GROWTH * piece.text().length() + MAX_GROWTH_OF_SHORT;
        for (Step step : steps) {
            normalized = step.apply(normalized);
            if (normalized.text().length() > limit) {
                throw new FormatException(
                        "makes " + normalized.text().length() + " characters of "
                                + piece.text().length(),
                        where,
                        "the limit is " + limit,
                        Component.REMEDY);
            }
        }
        return normalized;
    }

    private static Step step(Component part) {
        return switch (part.type()) {
            case "NFC" -> unicode(java.text.Normalizer.Form.NFC);
            case "NFD" -> unicode(java.text.Normalizer.Form.NFD);
            case "NFKC" -> unicode(java.text.Normalizer.Form.NFKC);
            case "NFKD" -> unicode(java.text.Normalizer.Form.NFKD);
            case "Lowercase" -> Step.of(Normalizer::lowercase);
            case "StripAccents" -> removing(Normalizer::isMark);
            case "Strip" -> strip(part.flag("strip_left", true), part.flag("strip_right", true));
            case "Prepend" -> prepend(part.text("prepend"));
            case "Replace" -> replace(SplitPattern.of(part), part.text("content"));
            case "ByteLevel" -> Step.of(ByteAlphabet::spell);
            case "Precompiled" -> Step.of(CharacterTable.of(part)::normalize);
            default ->
                throw part.unknown("NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace, ByteLevel,"
                        + " Precompiled and Sequence");
        };
    }

    private static Step unicode(java.text.Normalizer.Form form) {
        return Step.of(text -> java.text.Normalizer.normalize(text, form));
    }

    /** Character by character, as the reference does: a sigma at the end of a word is like others. */
    private static String lowercase(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.codePoints().forEach(c -> lower.append(Character.toString(c).toLowerCase(Locale.ROOT)));
        return lower.toString();
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static Step removing(IntPredicate predicate) {
        return replace(SplitPattern.characters(predicate), "");
    }

    private static Step strip(boolean left, boolean right) {
        return piece -> {
            String text = piece.text();
            int begin = left ? UnicodeClass.spacesFrom(text, 0) : 0;
            int end = right ? Math.max(begin, UnicodeClass.spacesUntil(text, text.length())) : text.length();
            return piece.part(begin, end);
        };
    }

    private static Step prepend(String prefix) {
        return piece -> piece.text().isEmpty() ? piece : piece.withText(prefix + piece.text());
    }

    private static Step replace(SplitPattern pattern, String content) {
        return piece -> {
            StringBuilder replaced = new StringBuilder(piece.text().length());
            boolean losesStart = false;
            for (Stretch stretch : pattern.stretches(piece.text())) {
                if (stretch.isMatch()) {
                    replaced.append(content);
                    losesStart |= stretch.begin() == 0 && stretch.end() > 0 && content.isEmpty();
                } else {
                    replaced.append(piece.text(), stretch.begin(), stretch.end());
                }
            }
            return new Piece(replaced.toString(), piece.atStart() && !losesStart, piece.token());
        };
    }
}

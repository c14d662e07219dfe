package io.shiftadd.tokenizer.encoding;

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

    private interface Step {
        Piece apply(Piece piece, Effort effort, String where);

        /** A step that only changes characters, so that the text still begins where it began. */
        static Step of(UnaryOperator<String> change) {
            return (piece, effort, where) -> piece.withText(change.apply(piece.text()));
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

    /** @throws TokenizationException when the steps make too much of the text, or take too long */
    Piece normalize(Piece piece, Effort effort) {
        Piece normalized = piece;
        for (Step step : steps) {
            normalized = step.apply(normalized, effort, where);
            effort.requireSize(normalized.text().length(), where);
            effort.charge(normalized.text().length(), where);
        }
        return normalized;
    }

    /** A short text that comes with the tokenizer itself. */
    String normalize(String text) {
        return normalize(Piece.of(text, true), new Effort(text.length())).text();
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
            case "Precompiled" -> {
                CharacterTable table = CharacterTable.of(part);
                yield (piece, effort, where) -> piece.withText(table.normalize(piece.text(), effort));
            }
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
        return (piece, effort, where) -> {
            String text = piece.text();
            int begin = left ? UnicodeClass.spacesFrom(text, 0) : 0;
            int end = right ? Math.max(begin, UnicodeClass.spacesUntil(text, text.length(), 0)) : text.length();
            return piece.part(begin, end);
        };
    }

    private static Step prepend(String prefix) {
        return (piece, effort, where) -> piece.text().isEmpty() ? piece : piece.withText(prefix + piece.text());
    }

    private static Step replace(SplitPattern pattern, String content) {
        return (piece, effort, where) -> {
            StringBuilder replaced = new StringBuilder(piece.text().length());
            boolean losesStart = false;
            for (Stretch stretch : pattern.stretches(piece.text(), effort)) {
                if (stretch.isMatch()) {
                    replaced.append(content);
                    effort.requireSize(replaced.length(), where);
                    losesStart |= stretch.begin() == 0 && stretch.end() > 0 && content.isEmpty();
                } else {
                    replaced.append(piece.text(), stretch.begin(), stretch.end());
                }
            }
            return new Piece(replaced.toString(), piece.atStart() && !losesStart, piece.token());
        };
    }
}

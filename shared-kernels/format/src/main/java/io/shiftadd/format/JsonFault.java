package io.shiftadd.format;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** What is wrong with a JSON text, in our own words: line, column, the key it is at and what stands there. */
final class JsonFault {

    static final String RULE = "one JSON value is expected, without comments, and without a comma before a bracket";
    static final String REMEDY = "Correct it, or download or write the file again.";

    private static final int SHOWN = 24;

    private JsonFault() {}

    static FormatException of(JacksonException cause, JsonParser parser, byte[] text, String where) {
        String place = place(cause.getLocation()) + key(parser.streamReadContext());
        if (cause instanceof StreamConstraintsException) {
            boolean isDeep = parser.streamReadContext().getNestingDepth() >= ModelJson.MAX_DEPTH;
            return new FormatException(
                    (isDeep ? "is nested too deep" : "has a number or text that is too long") + place,
                    where,
                    isDeep ? "the limit is " + ModelJson.MAX_DEPTH + " levels deep" : "numbers have up to 1000 digits",
                    REMEDY,
                    cause);
        }
        if (cause instanceof UnexpectedEndOfInputException) {
            return new FormatException(
                    "is no whole JSON: it ends" + place + " before its value does", where, RULE, REMEDY, cause);
        }
        if (isDuplicate(cause)) {
            String name = String.valueOf(parser.streamReadContext().currentName());
            return new FormatException(
                    "has the name '" + name + "' twice in one object" + place,
                    where,
                    "names are unique",
                    REMEDY,
                    cause);
        }
        return new FormatException("is no JSON" + place + found(cause.getLocation(), text), where, RULE, REMEDY, cause);
    }

    private static boolean isDuplicate(JacksonException cause) {
        return String.valueOf(cause.getOriginalMessage()).startsWith("Duplicate");
    }

    private static String place(TokenStreamLocation at) {
        return at == null || at.getLineNr() < 1 ? "" : " in line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    /** The names that lead to where the reader is, e.g. {@code model.vocab}. */
    private static String key(TokenStreamContext at) {
        StringBuilder path = new StringBuilder();
        for (TokenStreamContext context = at; context != null; context = context.getParent()) {
            String step = "";
            if (context.inObject() && context.hasCurrentName()) {
                step = context.currentName();
            } else if (context.inArray()) {
                step = "[" + context.getCurrentIndex() + "]";
            }
            boolean needsDot = !path.isEmpty() && path.charAt(0) != '[' && !step.isEmpty();
            path.insert(0, needsDot ? step + "." : step);
        }
        return path.isEmpty() ? "" : " at '" + shortened(path.toString()) + "'";
    }

    private static String found(TokenStreamLocation at, byte[] text) {
        if (at == null || at.getByteOffset() < 1 || at.getByteOffset() > text.length) {
            return "";
        }
        // The place is behind a wrong character, but at a wrong word.
        int from = (int) at.getByteOffset() - 1;
        from += text[from] <= ' ' && text[from] >= 0 && from + 1 < text.length ? 1 : 0;
        while (from > 0 && (text[from] & 0xC0) == 0x80) {
            from--;
        }
        int length = Math.min(4 * SHOWN, text.length - from);
        String rest = new String(text, from, length, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
        String hint = rest.startsWith("/") || rest.startsWith("#")
                ? " (a comment?)"
                : rest.startsWith("}") || rest.startsWith("]") ? " (a comma before it?)" : "";
        return rest.isEmpty() ? "" : ": '" + shortened(rest) + "' is not expected there" + hint;
    }

    private static String shortened(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(SHOWN)
                .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) || c == 0xFFFD ? '·' : c));
        return shown.length() < text.length() ? shown + "…" : shown.toString();
    }
}

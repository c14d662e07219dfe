package io.shiftadd.cli.chat;

import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;

/**
 * Tells where a text of several lines goes on: between a pair of {@code """}, and after a line that ends with a
 * backslash. Quotes and backslashes mean nothing else here.
 */
final class UnfinishedText implements Parser {

    static final String QUOTES = "\"\"\"";

    private final DefaultParser words = new DefaultParser();

    UnfinishedText() {
        words.setQuoteChars(new char[0]);
        words.setEscapeChars(new char[0]);
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context == ParseContext.ACCEPT_LINE && goesOn(line)) {
            throw new EOFError(-1, cursor, "the text goes on");
        }
        return words.parse(line, cursor, context);
    }

    static boolean goesOn(String text) {
        if (text.startsWith(QUOTES)) {
            return text.indexOf(QUOTES, QUOTES.length()) < 0;
        }
        return text.endsWith("\\");
    }

    /** The text without what only joined its lines. */
    static String unwrap(String text) {
        String bare = text;
        if (bare.startsWith(QUOTES)) {
            bare = bare.substring(QUOTES.length());
            int end = bare.indexOf(QUOTES);
            return (end < 0 ? bare : bare.substring(0, end) + bare.substring(end + QUOTES.length())).strip();
        }
        return bare.replace("\\\n", "\n").strip();
    }
}

package io.shiftadd.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says what is wrong with JSON that could not be read, and where. Reads it once more by the grammar of RFC 8259,
 * because the words of a library are about the library: its options, its classes, its source.
 */
final class JsonFault {

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern ANY_NUMBER = Pattern.compile("[-+.0-9][-+.0-9a-zA-Z]*");
    private static final Pattern WORD = Pattern.compile("-?[a-zA-Z_$][a-zA-Z_$0-9]*");
    private static final Set<String> NOT_NUMBERS = Set.of("NaN", "Infinity", "-Infinity", "-NaN", "inf", "nan");

    private static final int CODE_DIGITS = 4;

    private final String text;
    private int at;
    private int depth;

    private JsonFault(String text) {
        this.text = text;
    }

    /** The first fault, with its line and column. */
    private static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Found(String what) {
            super(what, null, false, false);
        }
    }

    static String describe(byte[] body) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            return "it is not UTF-8 text";
        }
        JsonFault reading = new JsonFault(text);
        try {
            reading.skipSpace();
            reading.value();
            reading.skipSpace();
            if (reading.at < text.length()) {
                throw reading.fault(reading.at, "something follows the end of the first value");
            }
        } catch (Found found) {
            return String.valueOf(found.getMessage());
        }
        return "it cannot be read";
    }

    private Found fault(int where, String what) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < where; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new Found(what + " (line " + line + ", column " + (where - start + 1) + ")");
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean ended() {
        return at >= text.length();
    }

    private void value() {
        if (ended()) {
            throw fault(at, "it ends where a value should be");
        }
        char c = text.charAt(at);
        switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> scalar(c);
        }
    }

    private void scalar(char c) {
        Matcher word = WORD.matcher(text).region(at, text.length());
        if (word.lookingAt()) {
            String found = word.group();
            if (NOT_NUMBERS.contains(found)) {
                throw fault(at, found + " is no number of JSON; send a number, or leave the field out");
            }
            if (!Set.of("true", "false", "null").contains(found)) {
                throw fault(at, "'" + Shown.of(found) + "' is no value of JSON; texts stand in double quotes");
            }
            at = word.end();
        } else if (c == '-' || c == '+' || c == '.' || c >= '0' && c <= '9') {
            number();
        } else if (c == '\'') {
            throw fault(at, "a text begins with ', it must stand in double quotes");
        } else if (c == '/' || c == '#') {
            throw fault(at, "JSON has no comments");
        } else {
            throw fault(at, shown(c) + " stands where a value should be");
        }
    }

    private void number() {
        Matcher all = ANY_NUMBER.matcher(text).region(at, text.length());
        String found = all.lookingAt() ? all.group() : "";
        if (found.length() > JsonBody.MAX_NUMBER_LENGTH) {
            throw fault(
                    at, "a number has " + found.length() + " characters; it may have " + JsonBody.MAX_NUMBER_LENGTH);
        }
        if (!NUMBER.matcher(found).matches()) {
            throw fault(at, "'" + Shown.of(found) + "' is no number of JSON");
        }
        at += found.length();
    }

    private void string() {
        int start = at++;
        while (true) {
            if (ended()) {
                throw fault(start, "a text has no end");
            }
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return;
            }
            if (c < ' ') {
                throw fault(at, "a text has " + shown(c) + ", which must be written as an escape");
            }
            at++;
            if (c == '\\') {
                escape();
            }
        }
    }

    private void escape() {
        char c = ended() ? ' ' : text.charAt(at);
        boolean known = "\"\\/bfnrtu".indexOf(c) >= 0;
        if (!known || c == 'u' && !isCodeAt(at + 1)) {
            throw fault(at - 1, "a backslash that begins no escape of JSON");
        }
        at++;
    }

    /** Four hexadecimal digits; looks at no more than these, because a body may have a million escapes. */
    private boolean isCodeAt(int start) {
        int end = start + CODE_DIGITS;
        return end <= text.length()
                && text.substring(start, end).chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0);
    }

    private void array() {
        int start = at;
        enter();
        skipSpace();
        if (!ended() && text.charAt(at) == ']') {
            leave();
            return;
        }
        while (true) {
            if (!ended() && text.charAt(at) == ']') {
                throw fault(at, "a comma before ]");
            }
            value();
            if (next(start, ']', "an array")) {
                return;
            }
        }
    }

    private void object() {
        int start = at;
        Set<String> names = new HashSet<>();
        enter();
        skipSpace();
        if (!ended() && text.charAt(at) == '}') {
            leave();
            return;
        }
        while (true) {
            name(start, names);
            skipSpace();
            if (ended() || text.charAt(at) != ':') {
                throw ended() ? fault(start, "an object has no end") : fault(at, "a colon is missing after a name");
            }
            at++;
            skipSpace();
            value();
            if (next(start, '}', "an object")) {
                return;
            }
        }
    }

    private void name(int start, Set<String> names) {
        if (ended()) {
            throw fault(start, "an object has no end");
        }
        int begin = at;
        char c = text.charAt(at);
        if (c == '}') {
            throw fault(at, "a comma before }");
        }
        if (c != '"') {
            throw fault(at, shown(c) + " stands where a name in double quotes should be");
        }
        string();
        String name = text.substring(begin + 1, at - 1);
        if (name.length() > JsonBody.MAX_NAME_LENGTH) {
            throw fault(begin, "a name has more than " + JsonBody.MAX_NAME_LENGTH + " characters");
        }
        if (!names.add(name)) {
            throw fault(begin, "the field '" + Shown.of(name) + "' is there twice");
        }
    }

    private void enter() {
        at++;
        if (++depth > JsonBody.MAX_DEPTH) {
            throw fault(at - 1, "it is more than " + JsonBody.MAX_DEPTH + " levels deep");
        }
    }

    private void leave() {
        at++;
        depth--;
    }

    /** Goes on behind a comma, or out of what ends; returns whether it ended. */
    private boolean next(int start, char end, String what) {
        skipSpace();
        if (ended()) {
            throw fault(start, what + " has no end");
        }
        char c = text.charAt(at);
        if (c == end) {
            leave();
            return true;
        }
        if (c != ',') {
            throw fault(at, shown(c) + " stands where a comma or " + end + " should be");
        }
        at++;
        skipSpace();
        return false;
    }

    private static String shown(char c) {
        return c < ' ' || c >= 0x7F ? String.format(Locale.ROOT, "the character U+%04X", (int) c) : "'" + c + "'";
    }
}

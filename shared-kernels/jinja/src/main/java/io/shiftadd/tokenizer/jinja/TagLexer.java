package io.shiftadd.tokenizer.jinja;

import io.shiftadd.tokenizer.jinja.Token.Kind;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names, literals and operators within a tag. */
final class TagLexer {

    private static final Pattern FLOAT =
            Pattern.compile("(?:\\d+_)*+\\d+(?:(?:\\.(?:\\d+_)*+\\d+)?[eE][+-]?(?:\\d+_)*+\\d+|\\.(?:\\d+_)*+\\d+)");
    private static final Pattern INTEGER =
            Pattern.compile("0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++|[0-9](?:_?[0-9])*+");
    private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-/*%~[](){}><=.:|,;";

    private final String source;
    private int at;
    private int line;
    private int depth;
    private boolean afterDot;

    TagLexer(String source, int at, int line) {
        this.source = source;
        this.at = at;
        this.line = line;
    }

    int at() {
        return at;
    }

    boolean isBalanced() {
        return depth == 0;
    }

    void skipTo(int next) {
        for (; at < next; at++) {
            line += source.charAt(at) == '\n' ? 1 : 0;
        }
    }

    Token next() {
        char c = source.charAt(at);
        Token token;
        if (c == '\'' || c == '"') {
            token = string(c);
        } else if (c >= '0' && c <= '9') {
            token = number();
        } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
            int end = at;
            while (end < source.length()
                    && (Character.isUnicodeIdentifierPart(source.charAt(end)) || source.charAt(end) == '_')) {
                end++;
            }
            token = token(Kind.NAME, source.substring(at, end), end);
        } else {
            token = operator(c);
        }
        afterDot = token.isOperator(".");
        return token;
    }

    private Token operator(char c) {
        for (String operator : LONG_OPERATORS) {
            if (source.startsWith(operator, at)) {
                return token(Kind.OPERATOR, operator, at + 2);
            }
        }
        if (OPERATORS.indexOf(c) < 0) {
            throw new JinjaException("unexpected character '" + c + "'").inLine(line);
        }
        if ("([{".indexOf(c) >= 0) {
            depth++;
        } else if (")]}".indexOf(c) >= 0 && --depth < 0) {
            throw new JinjaException("unexpected '" + c + "'").inLine(line);
        }
        return token(Kind.OPERATOR, String.valueOf(c), at + 1);
    }

    private Token number() {
        Matcher decimal = FLOAT.matcher(source).region(at, source.length());
        if (!afterDot && decimal.lookingAt()) {
            String image = decimal.group().replace("_", "");
            return token(Kind.FLOAT, Double.valueOf(image), decimal.end());
        }
        Matcher integer = INTEGER.matcher(source).region(at, source.length());
        if (!integer.lookingAt()) {
            throw new JinjaException("a number is malformed").inLine(line);
        }
        String image = integer.group().replace("_", "");
        boolean isPlain = image.length() < 2 || Character.isDigit(image.charAt(1));
        int radix = isPlain
                ? 10
                : switch (Character.toLowerCase(image.charAt(1))) {
                    case 'b' -> 2;
                    case 'o' -> 8;
                    default -> 16;
                };
        try {
            return token(Kind.INTEGER, Integers.parse(isPlain ? image : image.substring(2), radix), integer.end());
        } catch (JinjaException e) {
            throw e.inLine(line);
        }
    }

    private Token string(char quote) {
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new JinjaException("a string does not end").inLine(line);
        }
        return token(Kind.STRING, PythonText.unescape(source.substring(at + 1, end)), end + 1);
    }

    private Token token(Kind kind, Object value, int end) {
        Token token = new Token(kind, value, line);
        skipTo(end);
        return token;
    }
}

package io.shiftadd.tokenizer.jinja;

import io.shiftadd.tokenizer.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into text and the tokens of its tags, with the white space that Jinja's {@code trim_blocks} and
 * {@code lstrip_blocks} and the signs at the tags take away.
 */
final class Lexer {

    private static final Pattern TAG = Pattern.compile("\\{[%{#]");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%\\}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\\n?)");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    /** Whether what was read last ends with a line feed, so that a tag which follows begins its line. */
    private boolean lineStarts = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String lines = template.replace("\r\n", "\n").replace('\r', '\n');
        // As Jinja without keep_trailing_newline.
        return new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines).run();
    }

    private List<Token> run() {
        Matcher tag = TAG.matcher(source);
        while (at < source.length()) {
            if (!tag.find(at)) {
                data(source.substring(at));
                advance(source.length());
                break;
            }
            int begin = tag.start();
            char kind = source.charAt(begin + 1);
            char sign = begin + 2 < source.length() ? source.charAt(begin + 2) : ' ';
            data(before(begin, kind, sign));
            advance(begin);
            switch (kind) {
                case '#' -> comment(begin);
                case '%' -> block(begin, sign);
                default -> output(begin, sign);
            }
        }
        add(Kind.END, "");
        return tokens;
    }

    /** The text up to a tag, less the white space that the tag takes. */
    private String before(int begin, char kind, char sign) {
        String text = source.substring(at, begin);
        if (sign == '-') {
            return PythonText.strip(text, null, false, true);
        }
        int lineBegin = text.lastIndexOf('\n') + 1;
        if (sign != '+' && kind != '{' && (lineBegin > 0 || lineStarts)) {
            String indent = text.substring(lineBegin);
            if (PythonText.strip(indent, null, true, true).isEmpty()) {
                return text.substring(0, lineBegin);
            }
        }
        return text;
    }

    private void comment(int begin) {
        int end = source.indexOf("#}", begin + 2);
        if (end < 0) {
            throw new JinjaException("a comment does not end").inLine(line);
        }
        // '{#-#}' has one sign, which is the beginning's.
        char sign = end > begin + 3 || end == begin + 3 && "-+".indexOf(source.charAt(begin + 2)) < 0
                ? source.charAt(end - 1)
                : ' ';
        endTag(end, sign, true);
    }

    private void block(int begin, char sign) {
        Matcher raw = RAW.matcher(source).region(begin, source.length());
        if (raw.lookingAt()) {
            raw(raw);
            return;
        }
        add(Kind.BLOCK_BEGIN, "");
        code(begin + ("-+".indexOf(sign) >= 0 ? 3 : 2), "%}");
        add(Kind.BLOCK_END, "");
    }

    private void raw(Matcher begin) {
        int from = begin.end();
        if (begin.group(1).equals("-")) {
            from = skipSpace(from);
        }
        Matcher end = END_RAW.matcher(source);
        if (!end.find(from)) {
            throw new JinjaException("'raw' without 'endraw'").inLine(line);
        }
        lineStarts = source.charAt(from - 1) == '\n';
        at = from;
        data(before(
                end.start(), '%', end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0)));
        advance(end.end());
    }

    private void output(int begin, char sign) {
        add(Kind.OUTPUT_BEGIN, "");
        code(begin + ("-+".indexOf(sign) >= 0 ? 3 : 2), "}}");
        add(Kind.OUTPUT_END, "");
    }

    /** The tokens of a tag and its end. An end within brackets is none: {@code {{ {'a': {}}}}}. */
    private void code(int from, String end) {
        TagLexer tag = new TagLexer(source, from, line);
        while (true) {
            int next = skipSpace(tag.at());
            tag.skipTo(next);
            if (next >= source.length()) {
                throw new JinjaException("a tag does not end").inLine(line);
            }
            if (tag.isBalanced()) {
                if (source.startsWith(end, next)) {
                    endTag(next, ' ', end.equals("%}"));
                    return;
                }
                char sign = source.charAt(next);
                if ((sign == '-' || sign == '+' && end.equals("%}")) && source.startsWith(end, next + 1)) {
                    endTag(next + 1, sign, true);
                    return;
                }
            }
            tokens.add(tag.next());
        }
    }

    private void endTag(int end, char sign, boolean trims) {
        int next = end + 2;
        if (sign == '-') {
            next = skipSpace(next);
        } else if (trims && sign != '+' && next < source.length() && source.charAt(next) == '\n') {
            next++;
        }
        advance(next);
    }

    private int skipSpace(int from) {
        int next = from;
        while (next < source.length() && PythonText.isSpace(source.charAt(next))) {
            next++;
        }
        return next;
    }

    private void advance(int to) {
        for (int i = at; i < to; i++) {
            line += source.charAt(i) == '\n' ? 1 : 0;
        }
        lineStarts = to > 0 && source.charAt(to - 1) == '\n';
        at = to;
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(Kind.DATA, text);
        }
    }

    private void add(Kind kind, Object value) {
        tokens.add(new Token(kind, value, line));
    }
}

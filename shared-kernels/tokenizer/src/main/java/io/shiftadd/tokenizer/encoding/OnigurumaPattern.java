package io.shiftadd.tokenizer.encoding;

import io.shiftadd.format.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a tokenizer.json, which is written for Oniguruma with Ruby's syntax, on the JDK's engine: ^
 * and $ mean lines, a dot is anything but \n, and classes are those of Unicode. What the two read differently is
 * refused.
 *
 * <p>Both engines try alternatives in turn, and some expressions make that take for ever, so each text has a budget of
 * looks at its characters.
 */
final class OnigurumaPattern implements SplitPattern {

    private static final int MAX_LENGTH = 10_000;
    private static final int FLAGS =
            Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE | Pattern.MULTILINE | Pattern.UNIX_LINES;

    /** Scripts have a prefix in Java; general categories are of one or two letters. */
    private static final Pattern SCRIPT = Pattern.compile("\\\\([pP])\\{(?!Is)(\\w{3,})}");

    /** POSIX brackets, hexadecimal digits, flags other than i, comments and conditions, absence, subroutine calls. */
    private static final Pattern OTHER_MEANING =
            Pattern.compile("\\[:|\\\\[hHKgkZGyYNO]|\\(\\?[mxsdauWDSPyC#(~]|\\(\\?i?-?[mx]|\\(\\?@");

    /** How often something is at least repeated: turns that match nothing cost time without a look at the text. */
    private static final Pattern COUNT = Pattern.compile("(?<!\\\\[pPxu])\\{(\\d+)(?:,\\d*)?\\}");

    /** For all counts of an expression multiplied, as they may be nested. */
    private static final double MAX_COUNT = 10_000;

    private final Pattern pattern;
    private final String where;

    private OnigurumaPattern(Pattern pattern, String where) {
        this.pattern = pattern;
        this.where = where;
    }

    static OnigurumaPattern compile(String regex, String where) {
        if (regex.length() > MAX_LENGTH || OTHER_MEANING.matcher(regex).find() || counts(regex) > MAX_COUNT) {
            throw unsupported(regex, where, null);
        }
        try {
            String java = SCRIPT.matcher(regex).replaceAll("\\\\$1{Is$2}");
            return new OnigurumaPattern(Pattern.compile(java, FLAGS), where);
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw unsupported(regex, where, e);
        }
    }

    private static double counts(String regex) {
        return COUNT.matcher(regex)
                .results()
                .mapToDouble(count -> Math.max(1, Double.parseDouble(count.group(1))))
                .reduce(1, (a, b) -> a * b);
    }

    private static FormatException unsupported(String regex, String where, @Nullable Throwable cause) {
        String shown = regex.length() <= 200 ? regex : regex.substring(0, 200) + "…";
        return new FormatException(
                "has the regular expression '" + shown + "'",
                where,
                "supported is what Oniguruma and java.util.regex read alike, up to " + MAX_LENGTH + " characters and "
                        + (int) MAX_COUNT + " repetitions",
                Component.REMEDY,
                cause);
    }

    @Override
    public List<Stretch> stretches(String text, Effort effort) {
        List<Stretch> stretches = new ArrayList<>();
        int last = 0;
        boolean isFirst = true;
        try {
            Matcher matcher = pattern.matcher(new LimitedText(text, effort));
            while (matcher.find()) {
                // Nothing right after a match is no match of its own.
                boolean isEmpty = matcher.start() == matcher.end();
                if (!isEmpty || (isFirst || matcher.end() > last) && !isInsideCharacter(text, matcher.start())) {
                    SplitPattern.addMatch(stretches, last, matcher.start(), matcher.end());
                    last = matcher.end();
                    isFirst = false;
                }
            }
        } catch (StackOverflowError e) {
            // The engine nests with each turn of a repeated group.
            throw effort.tooSlow(where, e);
        }
        return SplitPattern.withRest(stretches, last, text);
    }

    private static boolean isInsideCharacter(String text, int at) {
        return at > 0 && at < text.length() && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
    }

    /** A text that counts how often it is looked at. */
    private final class LimitedText implements CharSequence {
        private final String text;
        private final Effort effort;

        LimitedText(String text, Effort effort) {
            this.text = text;
            this.effort = effort;
        }

        @Override
        public char charAt(int index) {
            effort.step(where);
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}

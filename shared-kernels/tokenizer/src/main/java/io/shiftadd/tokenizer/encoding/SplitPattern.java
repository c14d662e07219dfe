package io.shiftadd.tokenizer.encoding;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import tools.jackson.databind.JsonNode;

/** Finds what a text is split at. */
interface SplitPattern {

    /**
     * A stretch of text: what the pattern matched, or what lies between. Together they are the whole text, in order.
     */
    record Stretch(int begin, int end, boolean isMatch) {}

    /** @throws TokenizationException when finding them takes too long */
    List<Stretch> stretches(String text, Effort effort);

    /** Each character for which something holds. */
    static SplitPattern characters(IntPredicate predicate) {
        return (text, effort) -> {
            List<Stretch> stretches = new ArrayList<>();
            int last = 0;
            for (int i = 0; i < text.length(); ) {
                int c = text.codePointAt(i);
                int next = i + Character.charCount(c);
                if (predicate.test(c)) {
                    addMatch(stretches, last, i, next);
                    last = next;
                }
                i = next;
            }
            return withRest(stretches, last, text);
        };
    }

    /** Each occurrence of a text that is not empty, from the left. */
    static SplitPattern literal(String literal) {
        LongestMatches matches = new LongestMatches(List.of(literal));
        return (text, effort) -> {
            List<Stretch> stretches = new ArrayList<>();
            if (text.length() < literal.length()) {
                return withRest(stretches, 0, text);
            }
            int[] found = matches.in(text);
            int last = 0;
            for (int at = 0; at < found.length; ) {
                if (found[at] == LongestMatches.NONE) {
                    at++;
                } else {
                    addMatch(stretches, last, at, at + literal.length());
                    last = at + literal.length();
                    at = last;
                }
            }
            return withRest(stretches, last, text);
        };
    }

    /** The {@code pattern} of a part: {@code {"String": …}} or {@code {"Regex": …}}. */
    static SplitPattern of(Component part) {
        JsonNode pattern = part.json().path("pattern");
        JsonNode literal = pattern.path("String");
        JsonNode regex = pattern.path("Regex");
        if (literal.isString() && !literal.stringValue().isEmpty()) {
            return literal(literal.stringValue());
        }
        if (regex.isString() && !regex.stringValue().isEmpty()) {
            return OnigurumaPattern.compile(regex.stringValue(), part.where());
        }
        throw part.wrong("pattern", "an object with String or Regex, not empty");
    }

    static void addMatch(List<Stretch> stretches, int last, int begin, int end) {
        if (last < begin) {
            stretches.add(new Stretch(last, begin, false));
        }
        stretches.add(new Stretch(begin, end, true));
    }

    static List<Stretch> withRest(List<Stretch> stretches, int last, String text) {
        if (last < text.length()) {
            stretches.add(new Stretch(last, text.length(), false));
        }
        return stretches;
    }
}

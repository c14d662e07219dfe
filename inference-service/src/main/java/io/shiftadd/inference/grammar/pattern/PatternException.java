package io.shiftadd.inference.grammar.pattern;

/** A regular expression that is malformed, not supported, or takes more work than it may. */
public final class PatternException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PatternException(String message) {
        super(message);
    }
}
